package dev.patchbay.core.deploy;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Loads the classes of one module instance. The JDK comes first, then the few packages shared by the host, then
/// the artifact; nothing else of the host can be seen, so that two modules may carry different versions of one
/// library, and none depends on what the gateway happens to carry.
final class ModuleClassLoader extends URLClassLoader {

    static {
        registerAsParallelCapable();
    }

    private final ClassLoader host;

    /// @param name shown in stack traces and leak reports, such as `behavior_score@3.0.0#1`
    ModuleClassLoader(String name, List<URL> classPath, ClassLoader host) {
        super(name, classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        this.host = host;
    }

    @Override
    protected Class<?> loadClass(String className, boolean resolve) throws ClassNotFoundException {
        if (SharedPackages.contains(className)) {
            return host.loadClass(className);
        }
        return super.loadClass(className, resolve);
    }

    @Override
    public @Nullable URL getResource(String path) {
        URL own = findResource(path);
        return own == null ? getParent().getResource(path) : own;
    }

    @Override
    public Enumeration<URL> getResources(String path) throws IOException {
        List<URL> all = Collections.list(findResources(path));
        all.addAll(Collections.list(getParent().getResources(path)));
        return Collections.enumeration(all);
    }

    @Override
    public String toString() {
        return getName();
    }
}
