package dev.patchbay.maven;

import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.ResolutionScope;

/// Serves the module; on every save it is built, tested and swapped in.
@Mojo(name = "dev", requiresDependencyResolution = ResolutionScope.RUNTIME)
public final class DevMojo extends CommandMojo {
    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        run("serve", "--dev", project.getBasedir().toString());
    }
}
