"""A name server for one name, on 127.0.0.1:53. Arguments: file with "NAME ADDRESS TTL" or "fail", log of queries.

The file is read for each query: A gets the address, everything else an empty answer; "fail" is SERVFAIL.
"""
import socket
import struct
import sys

state, log = sys.argv[1:]
server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 53))
print("ready", flush=True)
while True:
    query, client = server.recvfrom(4096)
    end = query.index(0, 12) + 1
    name, position = [], 12
    while query[position]:
        name.append(query[position + 1:position + 1 + query[position]].decode())
        position += 1 + query[position]
    kind = struct.unpack_from(">H", query, end)[0]
    words = open(state).read().split()
    answers, code = b"", 0
    if words == ["fail"]:
        code = 2
    elif ".".join(name).lower() != words[0]:
        code = 3
    elif kind == 1:
        answers = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, int(words[2]), 4) + socket.inet_aton(words[1])
    header = query[:2] + struct.pack(">HHHHH", 0x8180 | code, 1, 1 if answers else 0, 0, 0)
    server.sendto(header + query[12:end + 4] + answers, client)
    with open(log, "a") as lines:
        lines.write("%s %d %d\n" % (".".join(name), kind, code))
