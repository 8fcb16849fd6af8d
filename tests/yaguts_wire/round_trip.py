"""Read each file named on the command line and write it back as this Python would. Runs on both.

A file is a message as the wire carries it; its name starts with what it is. For each, one line of
output: the message as `encode` writes it after `read_…` and `build_…` have had it.
"""

import sys

from yaguts_wire import codec, offers, token_messages
from yaguts_wire import messages as m
from yaguts_wire import server_messages as server
from yaguts_wire import words as w


def rewritten(name, message):
    """The message built anew from what was read of it."""
    if name.startswith("job"):
        return server.build_job(offers.read_job(message))
    if name.startswith("report"):
        read = server.read_report(message)
        outcomes = read["doses"]
        return m.build_report(read["job_key"], lambda place: outcomes[place], len(outcomes))
    if name.startswith("claimed"):
        read = token_messages.read_paired(message)
        return {
            w.DEVICE_ID: read["device_id"],
            w.DEVICE_TOKEN: read["token"],
            w.HEARTBEAT_S: read["heartbeat_s"],
        }
    if name.startswith("accepted"):
        assert m.read_accepted(message, message[w.JOB_KEY])
        return server.build_accepted(message[w.JOB_KEY])
    return message


def main(paths):
    """Print each rewritten message on a line of its own."""
    for path in paths:
        with open(path, "rb") as file:
            message = codec.decode(file.read())
        print(codec.encode(rewritten(path.split("/")[-1], message)).decode())


if __name__ == "__main__":
    main(sys.argv[1:])
