package dev.patchbay.maven;

import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.ResolutionScope;

/// Checks the module as `patchbay test` does: its contract, golden cases and rules.
@Mojo(name = "test", requiresDependencyResolution = ResolutionScope.RUNTIME)
public final class TestMojo extends CommandMojo {
    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        run("test", project.getBasedir().toString());
    }
}
