"""KakaoTalk: a channel's chatbot asks Naru by its skill webhook, and shows what comes back."""
