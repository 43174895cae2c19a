"""Reports: each of them is rendered from results.json and from nothing else. Its modules are its doors."""

__all__ = [
    "again",
    "compare",
    "junit",
    "page",
    "phrases",
    "picture",
    "publish",
    "store",
    "summary",
    "terminal",
    "text",
]
