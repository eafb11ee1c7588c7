package dev.patchbay.testkit.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.patchbay.testkit.conformance.StandIn.Fault;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.json.JsonMapper;

/// A server without faults passes; each fault is found by its rule.
class ConformanceTest {

    /// Not zeros: bytes in the wrong order are zeros as well.
    private static final String REQUEST = """
            {"inputs": [{"name": "a", "datatype": "FP32", "shape": [1, 2], "data": [1.5, -2]},
                        {"name": "b", "datatype": "FP32", "shape": [2, 2], "data": [[1, 2], [3, 4]]}]}""";

    private static Conformance check(Fault fault) throws Exception {
        try (StandIn server = new StandIn(fault)) {
            return Conformance.of(
                    server.uri(), null, "twice", JsonMapper.shared().readTree(REQUEST));
        }
    }

    @Test
    void aServerThatKeepsTheProtocolPasses() throws Exception {
        Conformance report = check(Fault.NONE);
        assertThat(report.failures()).isEmpty();
        assertThat(report.findings())
                .filteredOn(finding -> finding.result() == Finding.Result.SKIPPED)
                .extracting(finding -> finding.rule().id())
                .filteredOn(id -> !id.startsWith("grpc-"))
                .containsExactly("repository-index");
        assertThat(report.findings()).hasSizeGreaterThan(40);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aFaultIsFoundByItsRule(Fault fault) throws Exception {
        assertThat(check(fault).failures())
                .extracting(finding -> finding.rule().id())
                .contains(fault.rule);
    }

    private static Conformance check(GrpcStandIn.Fault fault) throws Exception {
        try (StandIn server = new StandIn(Fault.NONE);
                GrpcStandIn overGrpc = new GrpcStandIn(fault)) {
            return Conformance.of(
                    server.uri(),
                    overGrpc.address(),
                    "twice",
                    JsonMapper.shared().readTree(REQUEST));
        }
    }

    @Test
    void aServerThatKeepsTheProtocolOverGrpcPasses() throws Exception {
        Conformance report = check(GrpcStandIn.Fault.NONE);
        assertThat(report.failures()).isEmpty();
        assertThat(report.findings())
                .filteredOn(finding -> finding.rule().id().startsWith("grpc-"))
                .hasSizeGreaterThan(20)
                .allMatch(finding -> finding.result() == Finding.Result.KEPT);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aFaultOverGrpcIsFoundByItsRule(GrpcStandIn.Fault fault) throws Exception {
        assertThat(check(fault).failures())
                .extracting(finding -> finding.rule().id())
                .contains(fault.rule);
    }

    @Test
    void aServerWithoutGrpcIsNotHeldToIt() throws Exception {
        assertThat(check(Fault.NONE).findings())
                .filteredOn(finding -> finding.rule().id().equals("grpc-infer"))
                .singleElement()
                .satisfies(finding -> {
                    assertThat(finding.result()).isEqualTo(Finding.Result.SKIPPED);
                    assertThat(finding.seen()).contains("does not speak gRPC").contains("--grpc");
                });
    }

    @Test
    void aModelIsFoundThatAnswersZeros() throws Exception {
        try (StandIn server = new StandIn(Fault.NONE)) {
            Conformance report = Conformance.of(server.uri(), null, null, null);
            assertThat(report.model()).isEqualTo("twice");
            assertThat(report.failures()).isEmpty();
        }
    }

    @Test
    void whatFailsIsToldAsItWasSeen() throws Exception {
        assertThat(check(Fault.NO_SERVER_METADATA).failures().getFirst().seen())
                .isEqualTo("GET /v2 → 404 {\"error\":\"nothing\"}");
    }

    @Test
    void nobodyThereIsNoReport() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Conformance.of(URI.create("http://127.0.0.1:1"), null, null, null))
                .withMessageContaining("no answer");
    }
}
