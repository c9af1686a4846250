package com.pelagicore.softwarecontainer.system;

/** Small network programs in Python, for hosts and containers alike. */
final class Peers {

    /** Accepts TCP, and answers UDP, on both families; prints a line when it listens. Argument: port. */
    static final String SERVER =
            """
            import socket, sys, threading
            port = int(sys.argv[1])
            tcp = socket.create_server(('::', port), family=socket.AF_INET6, dualstack_ipv6=True)
            udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
            udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
            udp.bind(('::', port))
            print('listening', flush=True)
            def echo():
                while True:
                    data, peer = udp.recvfrom(100)
                    udp.sendto(peer[0].encode(), peer)
            threading.Thread(target=echo, daemon=True).start()
            while True:
                connection, peer = tcp.accept()
                connection.sendall(peer[0].encode())
                connection.close()
            """;

    /** Prints the own address as the server sees it, or 'denied'. Arguments: tcp or udp, address, port. */
    static final String CLIENT =
            """
            import socket, sys
            kind = socket.SOCK_STREAM if sys.argv[1] == 'tcp' else socket.SOCK_DGRAM
            family = socket.AF_INET6 if ':' in sys.argv[2] else socket.AF_INET
            s = socket.socket(family, kind)
            s.settimeout(0.7)
            try:
                s.connect((sys.argv[2], int(sys.argv[3])))
                if kind == socket.SOCK_DGRAM: s.send(b'x')
                print(s.recv(100).decode().replace('::ffff:', ''))
            except OSError as e:
                print('denied')
            """;

    private Peers() {}

    static String client(String protocol, String address, int port) {
        return "/usr/bin/python3 -c " + AgentClient.quote(CLIENT) + " " + protocol + " " + address + " " + port;
    }

    static String server(int port) {
        return "/usr/bin/python3 -c " + AgentClient.quote(SERVER) + " " + port;
    }

    static String ping(String address) {
        return "busybox ping -c 1 -W 1 " + address + " >/dev/null 2>&1 && echo answered || echo denied";
    }
}
