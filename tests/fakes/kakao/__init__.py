"""Kakao's chatbot platform: it posts skill requests and takes callbacks."""
