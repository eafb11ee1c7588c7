package dev.patchbay.maven;

import java.io.File;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Execute;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;

/// Packs the module and brings it to a running gateway, which gives it no traffic before a config names it.
@Mojo(name = "deploy", requiresDependencyResolution = ResolutionScope.RUNTIME)
@Execute(phase = LifecyclePhase.VALIDATE)
public final class DeployMojo extends CommandMojo {

    /// Where the jar goes.
    @Parameter(defaultValue = "${project.build.directory}/${project.build.finalName}-module.jar")
    @SuppressWarnings("NullAway.Init")
    private File jar;

    /// Where the gateway's admin API is.
    @Parameter(property = "patchbay.admin", defaultValue = "http://127.0.0.1:8081")
    @SuppressWarnings("NullAway.Init")
    private String admin;

    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        run("package", project.getBasedir().toString(), "--out", jar.toString());
        run("--admin", admin, "deploy", jar.toString());
    }
}
