"""Founders on KakaoTalk, staff elsewhere."""
