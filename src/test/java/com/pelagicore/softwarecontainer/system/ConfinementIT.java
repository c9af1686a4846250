package com.pelagicore.softwarecontainer.system;

import static com.pelagicore.softwarecontainer.system.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.pelagicore.softwarecontainer.config.Recovery;
import com.pelagicore.softwarecontainer.system.AgentClient.Execution;
import com.pelagicore.softwarecontainer.system.LiveAgent.Ended;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What every container is denied, who gets more, and what the host has to offer for it. */
@SystemTest
final class ConfinementIT {

    /** chown dac_override fowner kill setgid setuid setpcap net_bind_service net_raw sys_chroot. */
    private static final String KEPT = "00000000000425eb";

    private Map<String, String> changed = Map.of();

    private void restartWith(LiveAgent agent, Map<String, String> configuration) {
        changed = configuration;
        configuration.forEach(agent::configure);
        agent.stop();
        agent.restart(Recovery.DESTROY);
    }

    @AfterEach
    void restoreTheConfiguration(LiveAgent agent) {
        if (!changed.isEmpty()) {
            changed.keySet().forEach(agent::withoutConfiguration);
            agent.stop();
            agent.restart(Recovery.DESTROY);
        }
    }

    /** Of /proc/self/status, proc(5). */
    private static Map<String, String> status(AgentClient client, int id) {
        return client.shell(id, "cat /proc/self/status")
                .lines()
                .map(line -> line.split(":\\s*", 2))
                .collect(Collectors.toMap(field -> field[0], field -> field[1]));
    }

    @Test
    void processesHaveFewCapabilitiesAndFilteredSystemCallsAndCannotGainAny(AgentClient client) {
        assertThat(status(client, client.create()))
                .containsEntry("CapInh", "0000000000000000")
                .containsEntry("CapAmb", "0000000000000000")
                .containsEntry("CapEff", KEPT)
                .containsEntry("CapPrm", KEPT)
                .containsEntry("CapBnd", KEPT)
                .containsEntry("NoNewPrivs", "1")
                .containsEntry("Seccomp", "2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/proc/sys/kernel/core_pattern",
                "/proc/sys/net/ipv4/ip_forward",
                "/proc/sysrq-trigger",
                "/proc/irq/default_smp_affinity",
                "/sys/kernel/uevent_helper",
                "/sys/power/state"
            })
    void settingsOfTheKernelAreReadOnly(String file, AgentClient client) {
        int id = client.create();

        assertThat(client.shell(id, "test ! -e " + file + " || if echo 0 > " + file + "; then echo written; fi 2>&1"))
                .doesNotContain("written")
                .containsAnyOf("Read-only file system", "Permission denied", "");
    }

    @Test
    void filesThatTellOfTheHostAreEmpty(AgentClient client) {
        int id = client.create();

        assertThat(
                        client.shell(
                                id,
                                """
                        for file in kcore keys key-users kmsg kallsyms timer_list sched_debug slabinfo; do
                            if test -e /proc/$file; then cat /proc/$file 2>&1 | grep -v 'Permission denied' || true; fi
                        done
                        for directory in /proc/acpi /proc/scsi /sys/firmware; do
                            if test -d $directory; then ls -A $directory; fi
                        done
                        """))
                .isEmpty();
    }

    @Test
    void programsOfTheHostRunAndCannotBeChanged(AgentClient client) {
        int id = client.create();

        assertThat(client.shell(id, "/usr/bin/env printf works")).isEqualTo("works");
        assertThat(client.shell(id, "grep -E ' /(usr|lib|lib64) ' /proc/self/mounts")
                        .lines())
                .isNotEmpty()
                .allMatch(line -> line.matches("\\S+ \\S+ \\S+ ro,nosuid,nodev[ ,].*"));
        assertThat(client.shell(id, "touch /usr/x 2>&1 || true")).contains("Read-only file system");
    }

    @Test
    void theStandardDevicesAndTerminalsWork(AgentClient client) {
        int id = client.create();

        assertThat(
                        client.shell(
                                id,
                                """
                        echo lost > /dev/null; head -c 3 /dev/zero | wc -c; head -c 3 /dev/urandom | wc -c
                        echo x 2>/dev/null > /dev/full || echo full
                        test -c /dev/ptmx && test -d /dev/pts && script -qc 'test -t 1 && echo terminal' /dev/null
                        echo out >> /dev/stdout
                        """))
                .isEqualToIgnoringNewLines("3\n3\nfull\nterminal\nout");
    }

    @Test
    void tooManyProcessesHurtOnlyTheContainerThatStartsThem(AgentClient client, LiveAgent agent) {
        restartWith(agent, Map.of("process-limit", "20"));
        try (AgentClient again = agent.connect()) {
            int id = again.create();
            int other = again.create();

            Execution bomb = again.execute(
                    id, "/bin/sh -c 'i=0; while test $i -lt 40; do /bin/sleep 1000 & i=$((i + 1)); done'");

            assertThat(bomb.status()).isNotZero();
            assertThat(bomb.output()).contains("fork");
            assertThat(again.shell(other, "echo well")).isEqualTo("well");
            again.destroy(id);
            again.destroy(other);
        }
    }

    @Test
    void legacyPrivilegesAreForThoseOnlyWhomTheConfigurationAllows(AgentClient client, LiveAgent agent) {
        assertRefused(() -> client.create(AgentClient.LEGACY)).contains("legacy", "'allow-legacy-containers'");
        assertThat(client.list()).isEmpty();

        restartWith(agent, Map.of("allow-legacy-containers", "true"));

        try (AgentClient again = agent.connect()) {
            int legacy = again.create(AgentClient.LEGACY);
            int confined = again.create();
            assertThat(status(again, legacy)).containsEntry("NoNewPrivs", "0").containsEntry("Seccomp", "0");
            assertThat(again.shell(legacy, "mount -t tmpfs none /tmp && grep -c ' /tmp ' /proc/self/mounts"))
                    .isEqualTo("1");
            assertThat(status(again, confined)).containsEntry("CapBnd", KEPT);
        }
    }

    @Test
    void legacyPrivilegesAreForAllIfTheConfigurationSaysSo(LiveAgent agent) {
        restartWith(agent, Map.of("confinement", "legacy"));

        try (AgentClient again = agent.connect()) {
            assertThat(status(again, again.create())).containsEntry("NoNewPrivs", "0");
        }
        assertThat(agent.log()).contains("'legacy' by configuration");
    }

    @Test
    void saysWhatTheHostLacks(LiveAgent agent) {
        Ended check = agent.startAndAwaitEnd("--check");

        assertThat(check.output())
                .containsPattern("(?m)^present +kernel +Linux \\d")
                .containsPattern("(?m)^present +pids")
                .containsPattern("(?m)^(present +userns +\\d+-\\d+|lacking +userns +.+)$")
                .containsPattern("(?m)^(present|lacking +idmap +.+: files of some file systems)")
                .containsPattern("(?m)^present +bridge-nf +(on|off)")
                .containsPattern("(?m)^(present +polkit$|lacking +polkit .+: who is neither root nor)");
        assertThat(check.status()).isEqualTo(check.output().contains("lacking") ? 3 : 0);
        check.output()
                .lines()
                .filter(line -> line.startsWith("lacking  apparmor"))
                .forEach(line -> assertThat(agent.log()).contains("no apparmor: " + line.substring(22)));
    }

    @Test
    void isUnderTheProfileOfAppArmorThatIsLoaded(LiveAgent agent, AgentClient client) {
        boolean isLoaded = agent.startAndAwaitEnd("--check")
                .output()
                .lines()
                .anyMatch(line -> line.matches("present +apparmor\\b.*"));

        String profile = client.shell(client.create(), "cat /proc/self/attr/current 2>/dev/null || true");

        assertThat(profile.startsWith(AppArmorProfile.NAME + " (enforce)")).isEqualTo(isLoaded);
    }

    @Test
    void doesNotStartWithoutWhatIsRequired(LiveAgent agent) {
        agent.configure("require-confinement", "all");
        try {
            Ended check = agent.startAndAwaitEnd("--check");
            Ended start = agent.startAndAwaitEnd();

            if (check.output().contains("missing")) {
                assertThat(check.status()).isEqualTo(1);
                assertThat(start.status()).isEqualTo(1);
                assertThat(start.output()).contains("'require-confinement' asks for what this host lacks: ");
            } else {
                // a host that has everything: then only the name on the bus keeps a second agent from starting
                assertThat(start.output()).contains("is another agent running?");
            }
        } finally {
            agent.withoutConfiguration("require-confinement");
        }
    }
}
