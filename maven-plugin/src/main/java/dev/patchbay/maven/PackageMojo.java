package dev.patchbay.maven;

import java.io.File;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Component;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.apache.maven.project.MavenProjectHelper;

/// Packs the module with its libraries into one jar and attaches it to the build with the classifier `module`.
@Mojo(name = "package", defaultPhase = LifecyclePhase.PACKAGE, requiresDependencyResolution = ResolutionScope.RUNTIME)
public final class PackageMojo extends CommandMojo {

    @Component
    @SuppressWarnings({"NullAway.Init", "deprecation"})
    private MavenProjectHelper attachments;

    /// Where the jar goes.
    @Parameter(defaultValue = "${project.build.directory}/${project.build.finalName}-module.jar")
    @SuppressWarnings("NullAway.Init")
    private File jar;

    @Override
    public void execute() throws MojoExecutionException, MojoFailureException {
        run("package", project.getBasedir().toString(), "--out", jar.toString());
        attachments.attachArtifact(project, "jar", "module", jar);
    }
}
