"""The soak: good and bad requests held on the target at a given rate, and every answer judged by the same rules.

Locust holds the load, in processes of its own: what it does to sockets and threads must not reach pytest's. One
process sends by itself; several are led by one more, in Locust's own way. Each judges what it sends at once and
keeps of it no more than counts, latencies and the smallest exchange of each kind of violation.
"""
