package dev.patchbay.maven;

import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Execute;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;

/// Serves the module until Ctrl-C; on every save it is built, tested and swapped in.
@Mojo(name = "dev", requiresDependencyResolution = ResolutionScope.RUNTIME)
@Execute(phase = LifecyclePhase.VALIDATE)
public final class DevMojo extends CommandMojo {

    /// Callers' port.
    @Parameter(property = "patchbay.port", defaultValue = "8080")
    private int port;

    /// Operators' port.
    @Parameter(property = "patchbay.adminPort", defaultValue = "8081")
    private int adminPort;

    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        run(
                "serve",
                "--dev",
                project.getBasedir().toString(),
                "--port",
                String.valueOf(port),
                "--admin-port",
                String.valueOf(adminPort));
    }
}
