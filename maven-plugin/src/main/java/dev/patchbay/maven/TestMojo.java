package dev.patchbay.maven;

import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Execute;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.jspecify.annotations.Nullable;

/// Checks the module as `patchbay test` does: its contract, golden cases and rules.
@Mojo(name = "test", requiresDependencyResolution = ResolutionScope.RUNTIME)
@Execute(phase = LifecyclePhase.VALIDATE)
public final class TestMojo extends CommandMojo {

    /// Only these kinds of checks, with commas between them, such as `leak,load`.
    @Parameter(property = "patchbay.layer")
    private @Nullable String layer;

    /// Where the report goes, with commas between them: a page to read as `.html`, JUnit's format as `.xml`.
    @Parameter(property = "patchbay.report")
    private @Nullable String report;

    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        List<String> arguments =
                new ArrayList<>(List.of("test", project.getBasedir().toString()));
        if (layer != null) {
            arguments.addAll(List.of("--layer", layer));
        }
        if (report != null) {
            arguments.addAll(List.of("--report", report));
        }
        run(arguments.toArray(String[]::new));
    }
}
