package com.pelagicore.softwarecontainer.agent.dbus;

import com.pelagicore.softwarecontainer.bus.Variant;
import com.pelagicore.softwarecontainer.container.ContainerView;
import com.pelagicore.softwarecontainer.container.RunningProcess;
import com.pelagicore.softwarecontainer.container.Usage;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** The properties of a container object, by dbus-interfaces/com.pelagicore.SoftwareContainer.Container1.xml. */
final class ContainerProperties {

    /** One of them. */
    record Property(String name, String signature, Function<ContainerView, Object> value) {}

    /** All but Usage, which is counted anew each time. */
    static final List<Property> ALL = List.of(
            new Property("Id", "i", view -> view.id().value()),
            new Property("Name", "s", view -> view.id().name()),
            new Property("State", "s", view -> view.state().name().toLowerCase(Locale.ROOT)),
            new Property("Capabilities", "as", ContainerView::capabilities),
            new Property("Processes", "a(uas)", ContainerProperties::processes),
            new Property("InitPid", "u", ContainerView::initPid),
            new Property("Limits", "a{ss}", ContainerView::limits),
            new Property("Created", "t", view -> ChronoUnit.MICROS.between(Instant.EPOCH, view.created())),
            new Property("Owner", "u", view -> view.owner().uid()));

    private ContainerProperties() {}

    static Map<String, Variant> of(ContainerView view) {
        Map<String, Variant> properties = new LinkedHashMap<>();
        ALL.forEach(property -> properties.put(
                property.name(),
                new Variant(property.signature(), property.value().apply(view))));
        return properties;
    }

    private static Object processes(ContainerView view) {
        return view.processes().stream().map(ContainerProperties::process).toList();
    }

    private static List<Object> process(RunningProcess process) {
        return List.of(process.pid(), process.arguments());
    }

    /** The property Usage. */
    static Map<String, Long> of(Usage usage) {
        Map<String, Long> counts = new LinkedHashMap<>();
        usage.memoryBytes().ifPresent(bytes -> counts.put("Memory", bytes));
        usage.cpuNanos().ifPresent(nanos -> counts.put("Cpu", nanos));
        usage.tasks().ifPresent(tasks -> counts.put("Tasks", tasks));
        usage.memoryKills().ifPresent(kills -> counts.put("MemoryKills", kills));
        usage.refusedTasks().ifPresent(refused -> counts.put("RefusedTasks", refused));
        return counts;
    }
}
