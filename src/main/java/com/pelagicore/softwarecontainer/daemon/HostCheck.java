package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.config.ConfinementConfig;
import com.pelagicore.softwarecontainer.config.ConfinementPiece;
import com.pelagicore.softwarecontainer.container.ConfinementPolicy;
import com.pelagicore.softwarecontainer.daemon.Finding.Verdict;
import com.pelagicore.softwarecontainer.linux.HostProbe;
import com.pelagicore.softwarecontainer.lxc.LxcProbe;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** What of confinement this host offers, against what the configuration wants of it. */
final class HostCheck {

    static final String APPARMOR_PROFILE = "softwarecontainer-default";

    /** Without these some keys of the gateway cgroups are refused. */
    private static final Set<String> FURTHER_CONTROLLERS = Set.of("cpu", "cpuset", "memory");

    private final ConfinementConfig config;
    private final HostProbe host = new HostProbe();
    private final Map<ConfinementPiece, Optional<String>> pieces = new EnumMap<>(ConfinementPiece.class);
    private final SortedSet<String> controllers = host.controllers();

    HostCheck(ConfinementConfig config) {
        this.config = config;
        Optional<String> filter = host.systemCallFilter().or(LxcProbe::systemCallFilter);
        pieces.put(ConfinementPiece.SYSTEM_CALL_FILTER, filter);
        pieces.put(ConfinementPiece.APPARMOR, host.appArmorProfile(APPARMOR_PROFILE));
        pieces.put(ConfinementPiece.PROCESS_LIMIT, lackOf("pids"));
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
        pieces.forEach((piece, lacking) -> findings.add(Finding.of(
                piece.word(),
                "",
                lacking.map(reason -> reason + ": " + piece.cost()),
                config.required().contains(piece) ? Verdict.MISSING : Verdict.LACKING)));
        return findings;
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

    /**
     * How containers are to be confined here.
     *
     * @throws CannotStart if the host lacks what the configuration requires
     */
    ConfinementPolicy policy() {
        List<String> missing = confinement().stream()
                .filter(finding -> finding.verdict() == Verdict.MISSING)
                .map(finding -> finding.name() + " (" + finding.text() + ")")
                .toList();
        if (!missing.isEmpty()) {
            throw new CannotStart("'require-confinement' asks for what this host lacks: " + String.join("; ", missing));
        }
        return new ConfinementPolicy(
                config.legacy(),
                config.legacyOnRequest(),
                Optional.empty(),
                has(ConfinementPiece.SYSTEM_CALL_FILTER),
                has(ConfinementPiece.APPARMOR) ? Optional.of(APPARMOR_PROFILE) : Optional.empty(),
                config.processLimit());
    }

    private boolean has(ConfinementPiece piece) {
        return pieces.getOrDefault(piece, Optional.of("not looked at")).isEmpty();
    }
}
