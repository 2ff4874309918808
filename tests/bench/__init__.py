"""The bench: Naru, three frameworks and the least that can do the job, on one generated corpus."""
