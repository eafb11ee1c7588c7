package dev.patchbay.core.deploy;

import dev.patchbay.core.config.TaskConfig;
import dev.patchbay.core.config.TaskLimits;
import dev.patchbay.core.deploy.Deployment.Running;
import dev.patchbay.core.execution.Deadlines;
import dev.patchbay.core.execution.ExecutionLimits;
import dev.patchbay.core.execution.ModuleExecutor;
import dev.patchbay.core.execution.TaskCaller;
import dev.patchbay.core.registry.ModuleInstance;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Makes an instance that calls can be given to: a warm module behind the limits of its task.
final class InstanceStarter {

    private final ModuleStarter starter;
    private final Deadlines deadlines;
    private final TaskCaller tasks;
    private final DeploymentEvents events;
    private final AtomicInteger numbers = new AtomicInteger();

    InstanceStarter(ModuleStarter starter, Deadlines deadlines, TaskCaller tasks, DeploymentEvents events) {
        this.starter = starter;
        this.deadlines = deadlines;
        this.tasks = tasks;
        this.events = events;
    }

    /// Starts an instance. Nothing is left behind when it fails.
    ///
    /// @param stages told when a stage begins
    /// @param stuck told, by the instance's number, the cause when calls inside can no longer be ended
    /// @param reach told, by the instance's number, what it needs outside and does not find; null if all is there
    /// @throws DeploymentFailed if the module does not start
    Running start(
            ModuleArtifact artifact,
            ModuleDescriptor descriptor,
            TaskConfig section,
            Consumer<String> stages,
            BiConsumer<Integer, String> stuck,
            BiConsumer<Integer, @Nullable String> reach) {
        int number = numbers.incrementAndGet();
        var order = new ModuleStarter.Order(
                artifact, descriptor, number, section, stages, missing -> reach.accept(number, missing));
        ModuleStarter.Started started = starter.start(order);
        TaskLimits limits = section.limits();
        ModuleExecutor executor = new ModuleExecutor(
                started.callee(),
                new ExecutionLimits(
                        limits.concurrency() == 0 ? concurrencyOf(descriptor) : limits.concurrency(),
                        limits.queue(),
                        limits.timeout(),
                        limits.circuitFailures(),
                        limits.circuitRest(),
                        limits.batch(),
                        limits.batchWait()),
                deadlines,
                tasks,
                new InstanceEvents(events, order.name(), cause -> stuck.accept(number, cause)));
        return new Running(
                new ModuleInstance(descriptor.key(), order.number(), descriptor.deterministic(), executor),
                started,
                section);
    }

    private static int concurrencyOf(ModuleDescriptor descriptor) {
        return descriptor.body() instanceof ModuleDescriptor.FolderBody folder
                ? folder.module().concurrency()
                : 0;
    }
}
