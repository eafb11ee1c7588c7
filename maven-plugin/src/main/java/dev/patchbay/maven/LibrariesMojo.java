package dev.patchbay.maven;

import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.ResolutionScope;

/// Lists the module's libraries in `target/patchbay/libraries`, so that tests with `@ModuleTest` find them.
@Mojo(
        name = "libraries",
        defaultPhase = LifecyclePhase.PROCESS_CLASSES,
        requiresDependencyResolution = ResolutionScope.RUNTIME)
public final class LibrariesMojo extends CommandMojo {

    @Override
    public void execute() throws MojoExecutionException {
        listLibraries();
    }
}
