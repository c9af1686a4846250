package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.config.AccessConfig;
import com.pelagicore.softwarecontainer.config.ConfinementConfig;
import com.pelagicore.softwarecontainer.config.ConfinementPiece;
import com.pelagicore.softwarecontainer.config.DaemonConfig;
import com.pelagicore.softwarecontainer.container.ConfinementPolicy;
import com.pelagicore.softwarecontainer.daemon.Finding.Verdict;
import com.pelagicore.softwarecontainer.linux.HostProbe;
import com.pelagicore.softwarecontainer.linux.UserNamespaces;
import com.pelagicore.softwarecontainer.lxc.LxcProbe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/** What of confinement this host offers, against what the configuration wants of it. Looks once, when it is made. */
final class HostCheck {

    static final String APPARMOR_PROFILE = "lxc-softwarecontainer";

    /** Without these some keys of the gateway cgroups are refused. */
    private static final Set<String> FURTHER_CONTROLLERS = Set.of("cpu", "cpuset", "memory");

    private final ConfinementConfig config;
    private final AccessConfig access;
    private final HostProbe host = new HostProbe();
    private final UserIds users;
    private final SortedSet<String> controllers = host.controllers();
    private final Map<ConfinementPiece, Optional<String>> lacks = new EnumMap<>(ConfinementPiece.class);

    HostCheck(DaemonConfig config) {
        this.config = config.confinement();
        this.access = config.access();
        this.users = new UserIds(config, host);
        lacks.put(ConfinementPiece.USER_NAMESPACE, users.obstacle());
        lacks.put(ConfinementPiece.MAPPED_MOUNTS, users.unmappable());
        lacks.put(ConfinementPiece.SYSTEM_CALL_FILTER, host.systemCallFilter().or(LxcProbe::systemCallFilter));
        lacks.put(ConfinementPiece.APPARMOR, host.appArmorProfile(APPARMOR_PROFILE));
        lacks.put(ConfinementPiece.PROCESS_LIMIT, lackOf("pids"));
    }

    private Optional<String> lackOf(String controller) {
        return controllers.contains(controller)
                ? Optional.empty()
                : Optional.of("the control groups of this host have no controller '" + controller + "'");
    }

    /** Everything, in the order in which to read it. */
    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.of("kernel", "Linux " + host.kernelRelease(), host.kernel(), Verdict.MISSING));
        findings.add(Finding.of("overlay", "", host.overlay(), Verdict.MISSING));
        findings.add(Finding.of("lxc", LxcProbe.version(), lackOfProgram("lxc-start"), Verdict.MISSING));
        findings.add(Finding.of("devices", "", lackOf("devices"), Verdict.MISSING));
        findings.addAll(confinement());
        findings.add(Finding.of("controllers", String.join(" ", controllers), lackOfControllers(), Verdict.LACKING));
        findings.add(Finding.of("nft", "", lackOfProgram("nft"), Verdict.LACKING));
        findings.add(new Finding("bridge-nf", Verdict.PRESENT, bridgeFilter()));
        findings.add(Finding.of(
                "polkit", access.polkit() ? "" : "not asked, by configuration", lackOfPolkit(), Verdict.LACKING));
        return findings;
    }

    /** Those about confinement only. */
    List<Finding> confinement() {
        if (config.legacy()) {
            return List.of(new Finding(
                    "confinement",
                    Verdict.LACKING,
                    "'legacy' by configuration: root in a container is root of the host"));
        }
        List<Finding> findings = new ArrayList<>();
        lacks.forEach((piece, lack) -> findings.add(Finding.of(
                piece.word(),
                piece == ConfinementPiece.USER_NAMESPACE ? users.range().toString() : "",
                lack.map(reason -> reason + ": " + piece.cost()),
                isMissing(piece) ? Verdict.MISSING : Verdict.LACKING)));
        return findings;
    }

    /** Mounts of other file systems are refused one by one, if that is required. */
    private boolean isMissing(ConfinementPiece piece) {
        return requires(piece) && (piece != ConfinementPiece.MAPPED_MOUNTS || !users.hasMappedPrograms());
    }

    private Optional<String> lackOfProgram(String name) {
        return host.hasProgram(name) ? Optional.empty() : Optional.of("the program '" + name + "' is not installed");
    }

    private Optional<String> lackOfControllers() {
        SortedSet<String> lacking = new TreeSet<>(FURTHER_CONTROLLERS);
        lacking.removeAll(controllers);
        return lacking.isEmpty()
                ? Optional.empty()
                : Optional.of("no " + String.join(", ", lacking) + ": the gateway cgroups cannot set their limits");
    }

    private String bridgeFilter() {
        return host.filtersBridgedPackets()
                ? "on (bridge-nf-call-iptables): the host's rules see packets of containers on the bridge as well,"
                        + " which costs a little time"
                : "off";
    }

    private Optional<String> lackOfPolkit() {
        if (!access.polkit() || (host.hasPolkit() && host.hasPolkitActions())) {
            return Optional.empty();
        }
        String reason = host.hasPolkit() ? "the agent's actions are not installed for polkit" : "there is no polkit";
        return Optional.of(reason + ": who is neither root nor of the access group '" + access.group()
                + "' cannot be let in, and members get no further rights");
    }

    boolean requires(ConfinementPiece piece) {
        return config.required().contains(piece);
    }

    private boolean has(ConfinementPiece piece) {
        return lacks.getOrDefault(piece, Optional.empty()).isEmpty();
    }

    /**
     * The findings that are to be told, if the agent can start.
     *
     * @throws CannotStart if the host lacks what the configuration requires
     */
    List<Finding> shortcomings() {
        List<String> missing = confinement().stream()
                .filter(finding -> finding.verdict() == Verdict.MISSING)
                .map(finding -> finding.name() + " (" + finding.text() + ")")
                .toList();
        if (!missing.isEmpty()) {
            throw new CannotStart("'require-confinement' asks for what this host lacks: " + String.join("; ", missing));
        }
        return confinement().stream()
                .filter(finding -> finding.verdict() == Verdict.LACKING)
                .toList();
    }

    /** How containers are to be confined here. */
    ConfinementPolicy policy() {
        return new ConfinementPolicy(
                config.legacy(),
                config.legacyOnRequest(),
                has(ConfinementPiece.USER_NAMESPACE) ? Optional.of(users.range()) : Optional.empty(),
                has(ConfinementPiece.SYSTEM_CALL_FILTER),
                has(ConfinementPiece.APPARMOR) ? Optional.of(APPARMOR_PROFILE) : Optional.empty(),
                config.processLimit());
    }

    UserNamespaces namespaces() {
        return users.namespaces();
    }

    /** See {@link com.pelagicore.softwarecontainer.lxc.LxcRuntime}. */
    SortedMap<Path, Boolean> directories() {
        return users.directories();
    }

    /** See {@link UserIds#newObstacle}. */
    Optional<String> newObstacle() {
        return users.newObstacle();
    }
}
