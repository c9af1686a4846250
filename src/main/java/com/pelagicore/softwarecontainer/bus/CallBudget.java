package com.pelagicore.softwarecontainer.bus;

import java.util.HashMap;
import java.util.Map;

/** Keeps count of calls, and of what they take up, against the limits of each client and of all. Thread-safe. */
final class CallBudget {

    /** What a call counts for until it leaves. */
    static final class Ticket {
        private final Client client;
        private final long bytes;

        private Ticket(Client client, long bytes) {
            this.client = client;
            this.bytes = bytes;
        }

        String client() {
            return client.name;
        }
    }

    private static final class Client {
        private final String name;
        private int calls;
        private long bytes;

        private Client(String name) {
            this.name = name;
        }
    }

    private final BusLimits limits;
    private final Map<String, Client> clients = new HashMap<>();
    private int calls;
    private long bytes;

    CallBudget(BusLimits limits) {
        this.limits = limits;
    }

    /**
     * Takes a call in.
     *
     * @throws BusError LimitsExceeded
     */
    synchronized Ticket enter(String clientName, long size) {
        if (!hasRoom(clientName, size)) {
            throw BusError.limitsExceeded("too many unfinished calls of this client");
        }
        if (calls >= limits.calls() || bytes + size > limits.bytes()) {
            throw BusError.limitsExceeded("too many unfinished calls");
        }
        Client client = clients.computeIfAbsent(clientName, Client::new);
        client.calls++;
        client.bytes += size;
        calls++;
        bytes += size;
        return new Ticket(client, size);
    }

    /** Whether the client, by his own limits, may have one more. */
    synchronized boolean hasRoom(String clientName, long size) {
        Client client = clients.get(clientName);
        int his = client == null ? 0 : client.calls;
        long hisBytes = client == null ? 0 : client.bytes;
        return his < limits.callsPerClient() && hisBytes + size <= limits.bytesPerClient();
    }

    /** A call is over. Once. */
    synchronized void leave(Ticket ticket) {
        Client client = ticket.client;
        client.calls--;
        client.bytes -= ticket.bytes;
        calls--;
        bytes -= ticket.bytes;
        if (client.calls == 0) {
            clients.remove(client.name);
        }
    }
}
