package com.pelagicore.softwarecontainer.linux;

import com.pelagicore.softwarecontainer.error.SoftwareContainerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The host's own firewall. Where it drops what nothing accepts, a rule at the end, behind all of the administrator's,
 * accepts the traffic of our bridge: no {@code accept} of our own tables could, and they have filtered it. Chains that
 * speak of the bridge are left alone. What fails here costs the containers' traffic, and nothing else.
 */
final class HostFirewall {

    /** The script whose output {@link #open} and {@link #close} take; cheap, as chains come without their rules. */
    static final String LIST = "list chains";

    private static final Logger LOG = LoggerFactory.getLogger(HostFirewall.class);

    private static final Pattern TABLE = Pattern.compile("table (\\S+ \\S+) \\{.*");
    private static final Pattern CHAIN = Pattern.compile("\\s+chain (\\S+) \\{.*");
    private static final Pattern FORWARDED = Pattern.compile("\\s+type filter hook forward .*");
    private static final Pattern HANDLE = Pattern.compile(".*# handle (\\d+)");

    private final NftProgram nft;
    private final String bridge;
    private final String comment;

    HostFirewall(NftProgram nft, NetworkLayout layout) {
        this.nft = nft;
        this.bridge = layout.bridge();
        this.comment = layout.table();
    }

    /** For a bridge that has ports of ours only. Can be repeated: rules that are there, and last, stay. */
    void open(String chains) {
        for (String chain : forwarding(chains, line -> line.contains("policy drop"))) {
            try {
                String script = opening(chain, rules(chain));
                if (!script.isEmpty()) {
                    nft.run(script);
                }
            } catch (SoftwareContainerException e) {
                LOG.warn(
                        "the host's firewall drops forwarded packets in chain '{}': {}, ignoring",
                        chain,
                        e.getMessage());
            }
        }
    }

    private String opening(String chain, List<String> rules) {
        List<String> theirs = rules.stream().filter(rule -> !isOfAnAgent(rule)).toList();
        long last = rules.stream()
                .skip(theirs.isEmpty() ? 0 : rules.lastIndexOf(theirs.get(theirs.size() - 1)) + 1)
                .filter(this::isOurs)
                .count();
        if (last == 2 || theirs.stream().anyMatch(rule -> rule.contains('"' + bridge + '"'))) {
            return "";
        }
        return removing(chain, rules) + accept(chain, "iifname") + accept(chain, "oifname");
    }

    private String accept(String chain, String device) {
        return "add rule " + chain + " " + device + " \"" + bridge + "\" counter accept comment \"" + comment + "\"\n";
    }

    /** Takes back what {@link #open} did, if it did anything. */
    void close(String chains) {
        for (String chain : forwarding(chains, line -> true)) {
            try {
                String script = removing(chain, rules(chain));
                if (!script.isEmpty()) {
                    nft.run(script);
                }
            } catch (SoftwareContainerException e) {
                LOG.warn("rules of ours may remain in chain '{}': {}, ignoring", chain, e.getMessage());
            }
        }
    }

    private String removing(String chain, List<String> rules) {
        return rules.stream()
                .filter(this::isOurs)
                .map(HANDLE::matcher)
                .filter(Matcher::matches)
                .map(rule -> "delete rule " + chain + " handle " + rule.group(1) + "\n")
                .collect(Collectors.joining());
    }

    private boolean isOurs(String rule) {
        return rule.contains("comment \"" + comment + "\"");
    }

    /** There may be agents for other bridges, which want to be last as well. */
    private static boolean isOfAnAgent(String rule) {
        return rule.contains("comment \"" + NetworkLayout.TABLE_PREFIX);
    }

    /** Behind the line with the hook; each rule has a handle. */
    private List<String> rules(String chain) {
        return nft.run("list chain " + chain)
                .lines()
                .dropWhile(line -> !FORWARDED.matcher(line).matches())
                .filter(line -> HANDLE.matcher(line).matches())
                .toList();
    }

    /** Base chains of others that see forwarded IP packets: family, table and chain. */
    private List<String> forwarding(String chains, Predicate<String> wanted) {
        List<String> found = new ArrayList<>();
        String table = "";
        String chain = "";
        for (String line : chains.split("\n", -1)) {
            table = named(TABLE, line).orElse(table);
            chain = named(CHAIN, line).orElse(chain);
            boolean ofAnotherTable = !table.startsWith("bridge ") && !table.equals("inet " + comment);
            if (ofAnotherTable && FORWARDED.matcher(line).matches() && wanted.test(line)) {
                found.add(table + " " + chain);
            }
        }
        return found;
    }

    private static Optional<String> named(Pattern pattern, String line) {
        Matcher matcher = pattern.matcher(line);
        return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
    }
}
