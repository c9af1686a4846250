package com.pelagicore.softwarecontainer.cli;

/** The methods of the agent that this tool calls; a test compares them with dbus-interfaces/. */
enum AgentMethod {
    CREATE(AgentMethod.AGENT, "Create", "a{sv}"),
    LIST_CAPABILITIES(AgentMethod.AGENT, "ListCapabilities", ""),
    CHECK(AgentMethod.AGENT, "Check", ""),
    GET_MANAGED_OBJECTS("org.freedesktop.DBus.ObjectManager", "GetManagedObjects", ""),
    GET("org.freedesktop.DBus.Properties", "Get", "ss"),
    GET_ALL("org.freedesktop.DBus.Properties", "GetAll", "s"),
    EXECUTE(AgentMethod.CONTAINER, "Execute", "asa{sv}"),
    EXECUTE_IN_TERMINAL(AgentMethod.CONTAINER, "ExecuteInTerminal", "asa{sv}"),
    SIGNAL(AgentMethod.CONTAINER, "Signal", "usi"),
    STOP(AgentMethod.CONTAINER, "Stop", "ut"),
    MOUNT(AgentMethod.CONTAINER, "Mount", "a(ssa{sv})"),
    GRANT(AgentMethod.CONTAINER, "Grant", "as"),
    SUSPEND(AgentMethod.CONTAINER, "Suspend", ""),
    RESUME(AgentMethod.CONTAINER, "Resume", ""),
    DESTROY(AgentMethod.CONTAINER, "Destroy", "");

    static final String BUS_NAME = "com.pelagicore.SoftwareContainer";
    static final String PATH = "/com/pelagicore/SoftwareContainer";
    static final String CONTAINER_PATH = PATH + "/container/";
    static final String AGENT = "com.pelagicore.SoftwareContainer.Agent1";
    static final String CONTAINER = "com.pelagicore.SoftwareContainer.Container1";

    private final String interfaceName;
    private final String member;
    private final String signature;

    AgentMethod(String interfaceName, String member, String signature) {
        this.interfaceName = interfaceName;
        this.member = member;
        this.signature = signature;
    }

    String interfaceName() {
        return interfaceName;
    }

    String member() {
        return member;
    }

    /** Of the arguments. */
    String signature() {
        return signature;
    }
}
