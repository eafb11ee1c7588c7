package dev.patchbay.core.deploy;

import dev.patchbay.core.registry.ModuleKey;
import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A module's logger. What it is given is turned into text at once, so that no object of the module stays in the
/// host's log.
final class ModuleLogger implements System.Logger {

    private static final Logger log = LoggerFactory.getLogger("patchbay.module");

    private final ModuleKey key;

    ModuleLogger(ModuleKey key) {
        this.key = key;
    }

    @Override
    public String getName() {
        return key.toString();
    }

    @Override
    public boolean isLoggable(Level level) {
        return level != Level.OFF && log.isEnabledForLevel(slf4j(level));
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            String text = thrown == null ? String.valueOf(message) : message + ": " + thrown;
            log.atLevel(slf4j(level))
                    .addKeyValue("task", key.task())
                    .addKeyValue("version", key.version())
                    .log(text);
        }
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String format,
            @Nullable Object @Nullable ... values) {
        if (isLoggable(level) && format != null) {
            log(level, bundle, values == null ? format : MessageFormat.format(format, values), (Throwable) null);
        }
    }

    private static org.slf4j.event.Level slf4j(Level level) {
        return switch (level) {
            case ALL, TRACE, OFF -> org.slf4j.event.Level.TRACE;
            case DEBUG -> org.slf4j.event.Level.DEBUG;
            case INFO -> org.slf4j.event.Level.INFO;
            case WARNING -> org.slf4j.event.Level.WARN;
            case ERROR -> org.slf4j.event.Level.ERROR;
        };
    }
}
