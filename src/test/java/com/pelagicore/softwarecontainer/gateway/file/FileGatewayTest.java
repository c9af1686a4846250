package com.pelagicore.softwarecontainer.gateway.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.pelagicore.softwarecontainer.gateway.HostFacts;
import com.pelagicore.softwarecontainer.gateway.InvalidGatewayConfig;
import com.pelagicore.softwarecontainer.spec.BindMount;
import com.pelagicore.softwarecontainer.spec.SpecItem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class FileGatewayTest {

    @Test
    void mountsReadOnlyUnlessToldOtherwise() {
        assertThat(contribute(file("/h", "/c"), file("/h", "/d", false), file("/h", "/e", true)))
                .containsExactly(mount("/h", "/c", true), mount("/h", "/d", false), mount("/h", "/e", true));
    }

    @Test
    void doesNotCareWhetherTheHostPathExists() {
        assertThat(contribute(file("/no/such/file", "/c"))).containsExactly(mount("/no/such/file", "/c", true));
    }

    @Test
    void ignoresUnknownKeys() {
        assertThat(contribute("{\"path-host\":\"/h\",\"path-container\":\"/c\",\"create-symlink\":false}"))
                .containsExactly(mount("/h", "/c", true));
    }

    @ParameterizedTest
    @CsvSource({"true,true,true", "true,false,false", "false,true,false", "false,false,false"})
    void mountsTheSameTwiceReadOnlyOnlyIfBothSaySo(boolean first, boolean second, boolean merged) {
        assertThat(contribute(file("/h", "/c", first), file("/h", "/c", second)))
                .containsExactly(mount("/h", "/c", merged));
    }

    @Test
    void takesPathsForTheSameThatAreWrittenDifferently() {
        assertThat(contribute(file("/h", "/a/c", true), file("//h/", "/b/../a/./c/", false)))
                .containsExactly(mount("/h", "/a/c", false));
    }

    @Test
    void refusesTwoHostPathsInOnePlace() {
        InvalidGatewayConfig error = errorOf(file("/x", "/y"), file("/h", "/c"), file("/other", "/c"));

        assertThat(error.element()).isEqualTo(2);
        assertThat(error).hasMessage("'path-container' '/c' is taken by 'path-host' '/h' and cannot be '/other' too");
    }

    @Test
    void takesPathsWithOddCharacters() {
        assertThat(contribute(file("/-x,upperdir=/etc: y", "/-c,d")))
                .containsExactly(mount("/-x,upperdir=/etc: y", "/-c,d", true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {}                                                         | 'path-host' is missing
                    {"path-host":"/h"}                                         | 'path-container' is missing
                    {"path-host":"","path-container":"/c"}                     | 'path-host' is empty
                    {"path-host":"/h","path-container":""}                     | 'path-container' is empty
                    {"path-host":"h","path-container":"/c"}                    | 'path-host' must be an absolute path, not 'h'
                    {"path-host":"-o","path-container":"/c"}                   | 'path-host' must be an absolute path, not '-o'
                    {"path-host":"/h","path-container":"c"}                    | 'path-container' must be an absolute path, not 'c'
                    {"path-host":"/h","path-container":"/"}                    | 'path-container' must be a path below '/', not '/' itself
                    {"path-host":"/h","path-container":"/a/../.."}             | 'path-container' must be a path below '/', not '/' itself
                    {"path-host":7,"path-container":"/c"}                      | 'path-host' must be a string, not the number 7
                    {"path-host":"/h","path-container":{}}                     | 'path-container' must be a string, not an object
                    {"path-host":"/h\\u0000","path-container":"/c"}            | 'path-host' contains NUL
                    {"path-host":"/h","path-container":"/c","read-only":"yes"} | 'read-only' must be true or false, not the string 'yes'
                    {"path-host":"/h","path-container":"/c","read-only":0}     | 'read-only' must be true or false, not the number 0
                    {"path-host":"/h","path-container":"/c","read-only":null}  | 'read-only' must be true or false, not null
                    """)
    void refusesABadElementAndNamesTheKey(String element, String reason) {
        InvalidGatewayConfig error = errorOf(file("/fine", "/fine"), element);

        assertThat(error.element()).isEqualTo(1);
        assertThat(error).hasMessage(reason);
    }

    @Test
    void doesNotEchoMuchOfAHugePath() {
        String huge = "x".repeat(1_000_000);

        assertThat(errorOf(file(huge, "/c")).getMessage()).hasSizeLessThan(200);
        assertThat(errorOf(file("/h", "/" + huge), file("/" + huge, "/" + huge)).getMessage())
                .hasSizeLessThan(500);
    }

    private static String file(String hostPath, String containerPath) {
        return "{\"path-host\":\"" + hostPath + "\",\"path-container\":\"" + containerPath + "\"}";
    }

    private static String file(String hostPath, String containerPath, boolean readOnly) {
        return file(hostPath, containerPath).replace("}", ",\"read-only\":" + readOnly + "}");
    }

    private static BindMount mount(String hostPath, String containerPath, boolean readOnly) {
        return new BindMount(Path.of(hostPath), Path.of(containerPath), readOnly);
    }

    private static List<SpecItem> contribute(String... elements) {
        List<JsonNode> nodes = new ArrayList<>();
        for (String element : elements) {
            nodes.add(JsonMapper.shared().readTree(element));
        }
        return new FileGateway().contribute(nodes, new HostFacts(Map.of()));
    }

    private static InvalidGatewayConfig errorOf(String... elements) {
        return catchThrowableOfType(InvalidGatewayConfig.class, () -> contribute(elements));
    }
}
