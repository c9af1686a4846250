package com.pelagicore.softwarecontainer.daemon;

import com.pelagicore.softwarecontainer.agent.HostReport;
import com.pelagicore.softwarecontainer.linux.HostProbe;
import com.pelagicore.softwarecontainer.lxc.LxcProbe;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** What is told of the host over the bus. */
final class AgentHost implements HostReport {

    private final HostCheck check;
    private final SortedMap<String, String> facts;

    AgentHost(HostCheck check) {
        this.check = check;
        HostProbe host = new HostProbe();
        this.facts = new TreeMap<>();
        facts.put("Kernel", host.kernelRelease());
        facts.put("Architecture", System.getProperty("os.arch", ""));
        facts.put("Lxc", LxcProbe.version());
        facts.put("Cgroups", host.hasUnifiedCgroups() ? "2" : "1");
        facts.put("Java", System.getProperty("java.version", ""));
    }

    @Override
    public String version() {
        return Main.version();
    }

    @Override
    public SortedMap<String, String> facts() {
        return new TreeMap<>(facts);
    }

    @Override
    public List<HostReport.Finding> findings() {
        return check.findings().stream()
                .map(finding -> new HostReport.Finding(
                        finding.name(), finding.verdict().name().toLowerCase(Locale.ROOT), finding.text()))
                .toList();
    }
}
