"""A peer that does with redis-py what Python's RedisChannel does, told what to do by lines of JSON.

Each line is [operation, arguments...]; each answer is a line with the outcome as JSON text.
"""

import json
import sys

import redis


class Channel:
    def __init__(self, port, channel, peer, timeout=None):
        self.redis = redis.StrictRedis("127.0.0.1", port)
        if not isinstance(channel, str):
            channel = "/" + "/".join(channel)
        other = "server" if peer == "client" else "client"
        self.send_list = channel + "/" + peer
        self.recv_list = channel + "/" + other
        self.timeout = timeout

    def send(self, data):
        self.redis.rpush(self.send_list, json.dumps(data, ensure_ascii=False).encode("utf-8"))
        if self.timeout is not None:
            self.redis.expire(self.send_list, self.timeout)

    def recv(self):
        return self._load(self.redis.lpop(self.recv_list))

    def brecv(self, timeout=0):
        popped = self.redis.blpop(self.recv_list, timeout)
        return None if popped is None else self._load(popped[1])

    def recv_last(self):
        last = None
        while True:
            raw = self.redis.lpop(self.recv_list)
            if raw is None:
                return self._load(last)
            last = raw

    def peek(self):
        return self._load(self.redis.lindex(self.recv_list, 0))

    def rpeek(self):
        return self._load(self.redis.lindex(self.recv_list, -1))

    def list_channels(self, prefix):
        names = set()
        for key in self.redis.keys(prefix + "*"):
            name, _, end = key.decode("utf-8").rpartition("/")
            if end in ("client", "server"):
                names.add(name)
        return sorted(names)

    def send_python_numbers(self):
        self.send([float("nan"), float("inf"), 2 ** 70, 1.0])

    def recv_repr(self):
        return repr(self.recv())

    def _load(self, raw):
        return None if raw is None else json.loads(raw.decode("utf-8"))


def main():
    channel = None
    for line in sys.stdin:
        operation, *arguments = json.loads(line)
        if operation == "open":
            channel, outcome = Channel(*arguments), None
        else:
            outcome = getattr(channel, operation)(*arguments)
        print(json.dumps(outcome), flush=True)


main()
