"""What waits for people who are shown messages only when they write, as on KakaoTalk."""
