package dev.patchbay.testkit.conformance;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Holds a server to the protocol, over REST and over gRPC if it speaks that. It asks a few hundred small requests, one
/// after the other, and changes nothing.
///
/// ```java
/// Conformance report = Conformance.of(URI.create("http://localhost:8080"), null, null, null);
/// assertThat(report.failures()).isEmpty();
/// ```
///
/// @param model the model that was asked; empty if there was none to ask
/// @param findings one for each rule, in the order of the protocol's text
public record Conformance(String model, List<Finding> findings) {

    /// Checks a server.
    ///
    /// @param base such as `http://localhost:8080`
    /// @param model the model to ask; null for the first one listed that answers a request of zeros
    /// @param grpc where it speaks gRPC, as `host:port`; null for host and port of `base`
    /// @param request an inference request that the model answers, with `data` in JSON; null for zeros
    /// @throws IllegalArgumentException if nobody answers there
    public static Conformance of(URI base, @Nullable String grpc, @Nullable String model, @Nullable JsonNode request) {
        String address = grpc == null ? address(base) : grpc;
        try (Server server = new Server(base);
                GrpcServer overGrpc = new GrpcServer(address)) {
            try {
                server.get("/v2/health/live");
            } catch (Broken nobody) {
                throw new IllegalArgumentException(nobody.getMessage(), nobody);
            }
            RestChecks checks = RestChecks.of(server, model, request);
            List<Finding> findings = new ArrayList<>();
            checks.all().forEach(check -> findings.add(run(check)));
            new GrpcChecks(overGrpc, address, checks.model(), checks.known())
                    .all()
                    .forEach(check -> findings.add(run(check)));
            return new Conformance(checks.model(), List.copyOf(findings));
        }
    }

    private static String address(URI base) {
        int port = base.getPort() >= 0 ? base.getPort() : "https".equals(base.getScheme()) ? 443 : 80;
        return base.getHost() + ":" + port;
    }

    private static Finding run(Check check) {
        try {
            check.body().run();
            return new Finding(check.rule(), Finding.Result.KEPT, "");
        } catch (Broken broken) {
            return new Finding(check.rule(), broken.result(), String.valueOf(broken.getMessage()));
        }
    }

    /// Lists the rules that the protocol demands and the server breaks.
    public List<Finding> failures() {
        return findings.stream().filter(Finding::isFailure).toList();
    }
}
