package com.pelagicore.softwarecontainer.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Names of users, as far as passwd(5) has them. */
final class Users {

    private final Map<Long, String> names = new HashMap<>();

    private Users() {}

    static Users load(Path passwd) {
        Users users = new Users();
        try {
            for (String line : Files.readAllLines(passwd, StandardCharsets.ISO_8859_1)) {
                String[] fields = line.split(":", 4);
                if (fields.length == 4 && fields[2].matches("\\d{1,10}")) {
                    users.names.putIfAbsent(Long.valueOf(fields[2]), fields[0]);
                }
            }
        } catch (IOException e) {
            // numbers will do
            return users;
        }
        return users;
    }

    /** The number if there is no name. */
    String name(long uid) {
        return names.getOrDefault(uid, String.valueOf(uid));
    }
}
