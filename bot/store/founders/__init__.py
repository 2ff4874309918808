"""What founders keep with Naru, as rows: ratings, linked accounts, subscriptions."""
