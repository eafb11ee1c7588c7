package dev.patchbay.core.leak;

import static dev.patchbay.core.leak.LeakKind.freed;
import static dev.patchbay.core.leak.LeakKind.harmless;
import static dev.patchbay.core.leak.LeakKind.held;
import static dev.patchbay.core.leak.LeakKind.heldSoftly;
import static dev.patchbay.core.leak.LeakKind.load;
import static dev.patchbay.core.leak.LeakKind.predict;

import java.util.List;

/// The ways in which modules are known to hold their class loader, or to be thought to. `Val` is any class of a
/// module.
final class LeakKinds {

    private static final String VAL = "static class Val { byte[] data = new byte[1000]; } ";

    /// A task that goes on whatever it is told. It says when it has begun.
    private static final String ENDLESS = "static final CountDownLatch BEGUN = new CountDownLatch(1);"
            + " static void endless() { BEGUN.countDown(); while (true) try { Thread.sleep(Long.MAX_VALUE); } catch (InterruptedException e) { } } ";

    private LeakKinds() {}

    /// What would leak, but for the ledger and the host.
    static List<LeakKind> freedByTheHost() {
        return List.of(
                freed("nothing special: the host reads and writes its records", ""),
                freed(
                        "ThreadLocal on the module's own lane",
                        VAL + "static final ThreadLocal<Val> CACHE = ThreadLocal.withInitial(Val::new);"
                                + predict("CACHE.get();")),
                freed(
                        "ThreadLocal with a soft value on the module's own lane, as Jackson has it",
                        VAL
                                + "static final ThreadLocal<java.lang.ref.SoftReference<Val>> RECYCLER = new ThreadLocal<>();"
                                + predict("RECYCLER.set(new java.lang.ref.SoftReference<>(new Val()));")),
                freed(
                                "ThreadLocal on the I/O lane",
                                VAL + "static final ThreadLocal<Val> CACHE = new ThreadLocal<>();"
                                        + predict("CACHE.set(new Val());"))
                        .on("IO"),
                freed(
                        "an inheritable ThreadLocal set in load",
                        VAL + "static final InheritableThreadLocal<Val> CACHE = new InheritableThreadLocal<>();"
                                + load("CACHE.set(new Val());")),
                freed(
                        "an exception of its own that reaches the caller",
                        "static class Mine extends RuntimeException { final Object more = new Object() {}; }"
                                + predict("if (true) throw new Mine();")),
                freed(
                        "a cause of its own in an error for the caller",
                        "static class Mine extends RuntimeException {}"
                                + predict("if (true) throw InferenceException.dependency(\"no\", new Mine());")),
                freed(
                        "its exception in the gateway's log",
                        "static class Mine extends RuntimeException {}"
                                + predict(
                                        "org.slf4j.LoggerFactory.getLogger(Small.class).warn(\"{} {}\", new Object() {}, 1, new Mine());")),
                freed(
                        "a map in the log's context",
                        predict(
                                        "org.slf4j.MDC.put(\"who\", \"me\"); context.logger().log(System.Logger.Level.INFO, () -> \"x\");")
                                + "ModuleContext context;" + load("this.context = context;")),
                freed(
                        "a gauge",
                        VAL + load("Val val = new Val(); context.metrics().gauge(\"size\", () -> val.data.length);")),
                freed(
                        "counters and timers",
                        load(
                                "context.metrics().counter(\"seen\").add(1); context.metrics().timer(\"took\").record(java.time.Duration.ofMillis(1));")),
                freed(
                        "entries in the host's cache",
                        VAL
                                + "Cache<String, Val> cache;"
                                + load("cache = context.cache(\"vals\", 100, java.time.Duration.ofHours(1));")
                                + predict("cache.computeIfAbsent(\"a\", k -> new Val());")),
                freed(
                        "a task that goes on in the host's executor",
                        load("context.executor().submit(() -> { Thread.sleep(Long.MAX_VALUE); return 1; });")),
                freed(
                        "a periodic task in the host's scheduler",
                        load("context.scheduler().scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.MILLISECONDS);")),
                freed(
                        "a task for later in the host's scheduler",
                        load("context.scheduler().schedule(() -> {}, 1, TimeUnit.HOURS);")),
                freed(
                        "the host's HTTP client",
                        "static java.net.http.HttpClient http;" + load("http = context.http();")
                                + predict(
                                        "try { http.send(java.net.http.HttpRequest.newBuilder(java.net.URI.create(\"http://127.0.0.1:1\")).build(), java.net.http.HttpResponse.BodyHandlers.ofString()); } catch (java.io.IOException e) { }")),
                freed(
                        "a stream of the artifact that is not closed",
                        "java.io.InputStream in;" + load("in = context.open(\"Small.class\"); in.read();")),
                freed(
                        "files in a temporary directory",
                        load("java.nio.file.Files.writeString(context.temporaryDirectory().resolve(\"a\"), \"b\");")),
                freed(
                        "a thread that it gave to the host to end",
                        load(
                                "Thread t = new Thread(() -> { try { Thread.sleep(Long.MAX_VALUE); } catch (InterruptedException e) { } }); t.start(); context.own(t::interrupt);")),
                freed(
                        "a resource bundle",
                        "public static class Texts extends ListResourceBundle { protected Object[][] getContents() { return new Object[][] {{\"a\", \"b\"}}; } }"
                                + load(
                                        "ResourceBundle.getBundle(\"Small$Texts\", Locale.ROOT, Small.class.getClassLoader()).getString(\"a\");")),
                freed(
                        "a call to another task, whose pool starts a thread for it",
                        "public record Q(double x) {} public record A(double y) {}"
                                + predict("call.infer(\"helper\", new Q(1), A.class);")));
    }

    /// What leaks, and is named.
    static List<LeakKind> heldByTheProcess() {
        return List.of(
                held(
                                "ThreadLocal on a thread of the host",
                                "thread-local",
                                "thread `shared-caller`'s ThreadLocal `Small\\.CACHE` \\(its value leads to a Small\\$Val\\)",
                                VAL + "static final ThreadLocal<Val> CACHE = new ThreadLocal<>();"
                                        + predict("CACHE.set(new Val());"))
                        .on("INLINE"),
                heldSoftly(
                                "ThreadLocal with a soft value on a thread of the host",
                                "thread-local",
                                "thread `shared-caller`'s ThreadLocal `Small\\.RECYCLER` \\(its value leads to a Small\\$Val\\)",
                                VAL
                                        + "static final ThreadLocal<java.lang.ref.SoftReference<Val>> RECYCLER = new ThreadLocal<>();"
                                        + predict("RECYCLER.set(new java.lang.ref.SoftReference<>(new Val()));"))
                        .on("INLINE"),
                held(
                        "a thread that is not ended",
                        "thread",
                        "thread `feeder`, which the module started and which still runs at Small\\.lambda\\$load\\$0:\\d+",
                        load(
                                "Thread t = new Thread(() -> { while (true) try { Thread.sleep(Long.MAX_VALUE); } catch (InterruptedException e) { } }, \"feeder\"); t.setDaemon(true); t.start();")),
                held(
                        "a thread of a class of its own",
                        "thread",
                        "thread `worker`, which the module started and which still runs at Small\\$Worker\\.run:\\d+",
                        "static class Worker extends Thread { Worker() { super(\"worker\"); setDaemon(true); setContextClassLoader(null); } public void run() { try { Thread.sleep(Long.MAX_VALUE); } catch (InterruptedException e) { } } }"
                                + load("new Worker().start();")),
                held(
                        "a parked virtual thread",
                        "thread",
                        "thread `dreamer`, which the module started and which still runs at Small\\.lambda\\$load\\$0:\\d+",
                        load(
                                "Thread.ofVirtual().name(\"dreamer\").start(() -> { try { Thread.sleep(Long.MAX_VALUE); } catch (InterruptedException e) { } });")),
                held(
                        "a thread of the JDK's that was started under its context class loader",
                        "context-class-loader",
                        "thread `bystander`, whose context class loader is the module's",
                        load(
                                "Thread t = new Thread(new java.util.concurrent.SynchronousQueue<Object>()::element, \"x\"); "
                                        + "CompletableFuture<Object> never = new CompletableFuture<>(); "
                                        + "Thread v = Executors.defaultThreadFactory().newThread(new FutureTask<>(never::join, null)); v.setName(\"bystander\"); v.setDaemon(true); v.start();")),
                held(
                        "an executor that is not shut down",
                        "executor",
                        "an executor that was not shut down, with thread `pool-\\d+-thread-1`",
                        "static final ExecutorService POOL = Executors.newFixedThreadPool(1, r -> { Thread t = Executors.defaultThreadFactory().newThread(r); t.setDaemon(true); return t; });"
                                + load("POOL.submit(() -> 1).get();")),
                held(
                        "a scheduled executor that is not shut down",
                        "executor",
                        "an executor that was not shut down, with thread `pool-\\d+-thread-1`",
                        load(
                                "Executors.newScheduledThreadPool(1, r -> { Thread t = Executors.defaultThreadFactory().newThread(r); t.setDaemon(true); return t; }).scheduleAtFixedRate(() -> {}, 1, 1, TimeUnit.HOURS);")),
                held(
                        "a task in the host's executor that ignores its interrupt",
                        "task",
                        "thread `kind_\\d+@1\\.0\\.0-executor-0`, where a task of the module still runs at Small\\.endless:\\d+",
                        ENDLESS + load("context.executor().submit(Small::endless); BEGUN.await();")),
                held(
                        "a task in the host's scheduler that ignores its interrupt",
                        "task",
                        "thread `kind_\\d+@1\\.0\\.0-scheduler-0`, where a task of the module still runs at Small\\.endless:\\d+",
                        ENDLESS + load("context.scheduler().execute(Small::endless); BEGUN.await();")),
                held(
                        "a task that ignores its interrupt, in an executor that is shut down",
                        "task",
                        "thread `pool-\\d+-thread-1`, where a task of the module still runs at Small\\.endless:\\d+",
                        ENDLESS
                                + "final ExecutorService pool = Executors.newFixedThreadPool(1, r -> { Thread t = Executors.defaultThreadFactory().newThread(r); t.setDaemon(true); return t; });"
                                + load("pool.execute(Small::endless); BEGUN.await();")
                                + " public void teardown() { pool.shutdownNow(); }"),
                held(
                        "a task that does not end, in a ForkJoinPool of its own",
                        "task",
                        "thread `ForkJoinPool-\\d+-worker-1`, where a task of the module still runs at Small\\.endless:\\d+",
                        ENDLESS + load("new ForkJoinPool(1).execute(Small::endless); BEGUN.await();")),
                held(
                        "a proxy selector for the process",
                        "static-field",
                        "static field java\\.net\\.ProxySelector\\..*, by a Small\\$Mine",
                        "static class Mine extends java.net.ProxySelector { public List<java.net.Proxy> select(java.net.URI u) { return List.of(java.net.Proxy.NO_PROXY); } public void connectFailed(java.net.URI u, java.net.SocketAddress a, java.io.IOException e) {} }"
                                + load("java.net.ProxySelector.setDefault(new Mine());")),
                held(
                        "who answers for passwords in the process",
                        "static-field",
                        "static field java\\.net\\.Authenticator\\..*, by a Small\\$Mine",
                        "static class Mine extends java.net.Authenticator {}"
                                + load("java.net.Authenticator.setDefault(new Mine());")),
                held(
                        "a Timer that is not cancelled",
                        "timer",
                        "java\\.util\\.Timer with thread `ticker`, which was not cancelled",
                        load(
                                "new Timer(\"ticker\", true).schedule(new TimerTask() { public void run() {} }, 3_600_000L);")),
                held(
                        "a task for later in the JDK's common scheduler",
                        "thread",
                        "thread `.*[dD]elayScheduler.*`, by a Small\\$\\$Lambda",
                        load(
                                "CompletableFuture.delayedExecutor(1, TimeUnit.HOURS).execute(() -> System.out.println(\"late\"));")),
                held(
                        "a shutdown hook",
                        "shutdown-hook",
                        "shutdown hook `last-words`",
                        load("Runtime.getRuntime().addShutdownHook(new Thread(() -> {}, \"last-words\"));")),
                held(
                        "a JDBC driver",
                        "jdbc-driver",
                        "JDBC driver a Small\\$Mine in java\\.sql\\.DriverManager",
                        """
                        public static class Mine implements java.sql.Driver {
                            public java.sql.Connection connect(String url, Properties info) { return null; }
                            public boolean acceptsURL(String url) { return false; }
                            public java.sql.DriverPropertyInfo[] getPropertyInfo(String url, Properties info) { return null; }
                            public int getMajorVersion() { return 1; }
                            public int getMinorVersion() { return 0; }
                            public boolean jdbcCompliant() { return false; }
                            public java.util.logging.Logger getParentLogger() { return null; }
                        }
                        """ + load("java.sql.DriverManager.registerDriver(new Mine());")),
                held(
                        "an MBean",
                        "mbean",
                        "MBean `small:type=Thing` in the platform MBean server",
                        "public interface ThingMBean { int getSize(); } public static class Thing implements ThingMBean { public int getSize() { return 1; } }"
                                + load(
                                        "java.lang.management.ManagementFactory.getPlatformMBeanServer().registerMBean(new Thing(), new javax.management.ObjectName(\"small:type=Thing\"));")),
                held(
                        "a handler of java.util.logging",
                        "log-handler",
                        "a Small\\$Mine at the java\\.util\\.logging logger `root`",
                        "public static class Mine extends java.util.logging.Handler { public void publish(java.util.logging.LogRecord r) {} public void flush() {} public void close() {} }"
                                + load("java.util.logging.Logger.getLogger(\"\").addHandler(new Mine());")),
                held(
                        "a listener of the JDK's",
                        "static-field",
                        "static field java\\.util\\.logging\\..* through java\\.util\\.logging\\.LogManager\\.listeners, by a Small\\$1",
                        load(
                                "java.util.logging.LogManager.getLogManager().addConfigurationListener(new Runnable() { public void run() {} });")),
                held(
                        "a security provider",
                        "security-provider",
                        "security provider a Small\\$Mine",
                        "public static class Mine extends java.security.Provider { public Mine() { super(\"small\", \"1\", \"\"); } }"
                                + load("java.security.Security.addProvider(new Mine());")),
                held(
                        "the default handler of uncaught exceptions",
                        "exception-handler",
                        "the process's default handler of uncaught exceptions, a Small\\$.*",
                        load("Thread.setDefaultUncaughtExceptionHandler((t, e) -> {});")),
                held(
                        "another stream for output",
                        "system-stream",
                        "java\\.lang\\.System\\.out, which is now a Small\\$\\d",
                        load("System.setOut(new java.io.PrintStream(System.out) {});")),
                held(
                        "another stream for errors",
                        "system-stream",
                        "java\\.lang\\.System\\.err, which is now a Small\\$\\d",
                        load(
                                "System.setErr(new java.io.PrintStream(new java.io.OutputStream() { public void write(int b) {} }) {});")),
                held(
                        "a Cleaner whose object lives",
                        "cleaner",
                        "the action a Small\\$.* of a Cleaner whose object is still alive",
                        "static final java.lang.ref.Cleaner CLEANER = java.lang.ref.Cleaner.create(); static final Object OBJECT = new Object();"
                                + load("CLEANER.register(OBJECT, () -> {});")),
                held(
                        "a ClassValue computed for a class of the JDK",
                        "class-value",
                        "a value of the ClassValue `Small\\.VALUES`, computed for a class of the JDK or the gateway",
                        VAL
                                + "static final ClassValue<Val> VALUES = new ClassValue<>() { protected Val computeValue(Class<?> type) { return new Val(); } };"
                                + load("VALUES.get(String.class);")),
                held(
                        "a method handle in the system properties",
                        "static-field",
                        "static field java\\.lang\\.System\\.props through java\\.lang\\.invoke\\.MemberName\\.clazz, by class Small",
                        load(
                                        "System.getProperties().put(\"small.handle\", java.lang.invoke.MethodHandles.lookup().findStatic(Small.class, \"hello\", java.lang.invoke.MethodType.methodType(void.class)));")
                                + "public static void hello() {}"),
                held(
                        "a function that native code may call, for ever",
                        "native",
                        "native code \\(a JNI global root to .*\\)",
                        "public static void hello() {}"
                                + load(
                                        "java.lang.foreign.Linker.nativeLinker().upcallStub(java.lang.invoke.MethodHandles.lookup().findStatic(Small.class, \"hello\", java.lang.invoke.MethodType.methodType(void.class)), java.lang.foreign.FunctionDescriptor.ofVoid(), java.lang.foreign.Arena.global());")),
                heldSoftly(
                        "what java.beans knows about its classes",
                        "static-field",
                        "static field .*",
                        "public static class Bean { public int getSize() { return 1; } public void setSize(int s) {} }"
                                + load("java.beans.Introspector.getBeanInfo(Bean.class);")));
    }

    /// What is often suspected, and does not hold.
    static List<LeakKind> notHeld() {
        return List.of(
                harmless(
                                "ThreadLocal with a value of the JDK's on a thread of the host",
                                "static final ThreadLocal<StringBuilder> TEXT = new ThreadLocal<>();"
                                        + predict("TEXT.set(new StringBuilder());"))
                        .on("INLINE"),
                harmless(
                                "ThreadLocal with an initial value of the JDK's on a thread of the host",
                                "static final ThreadLocal<byte[]> BYTES = ThreadLocal.withInitial(() -> new byte[100]);"
                                        + predict("BYTES.get();"))
                        .on("INLINE"),
                harmless(
                        "ThreadLocal on a thread of the JDK's common pool, which forgets it",
                        VAL + "static final ThreadLocal<Val> CACHE = new ThreadLocal<>();"
                                + load("ForkJoinPool.commonPool().submit(() -> CACHE.set(new Val())).get();")),
                harmless(
                        "ThreadLocal on a virtual thread that ends",
                        VAL
                                + "static final ThreadLocal<Val> CACHE = new ThreadLocal<>();"
                                + load("Thread.ofVirtual().start(() -> CACHE.set(new Val())).join();")),
                harmless(
                        "ScopedValue",
                        VAL + "static final ScopedValue<Val> CURRENT = ScopedValue.newInstance();"
                                + predict("ScopedValue.where(CURRENT, new Val()).run(() -> CURRENT.get());")),
                harmless("asynchronous work in the common pool", load("CompletableFuture.supplyAsync(() -> 1).get();")),
                harmless(
                        "a time limit that is not needed",
                        load("CompletableFuture.supplyAsync(() -> 1).orTimeout(1, TimeUnit.HOURS).get();")),
                harmless(
                        "a parallel stream",
                        load(
                                "java.util.stream.IntStream.range(0, 1000).parallel().mapToObj(i -> new Object() {}).count();")),
                harmless(
                        "ServiceLoader",
                        "public interface Service {}" + load("ServiceLoader.load(Service.class).findFirst();")),
                harmless(
                        "lambdas and method types",
                        load(
                                "java.util.function.Supplier<Object> s = () -> new Object() {}; s.get(); java.lang.invoke.MethodType.methodType(Small.class, Question.class);")),
                harmless(
                        "a dynamic proxy",
                        "public interface Service { int size(); }"
                                + load(
                                        "Service s = (Service) java.lang.reflect.Proxy.newProxyInstance(Small.class.getClassLoader(), new Class<?>[] {Service.class}, (p, m, a) -> 1); s.size();")),
                harmless(
                        "a logger and a level of java.util.logging",
                        "static final java.util.logging.Logger LOG = java.util.logging.Logger.getLogger(\"small\"); static class Loud extends java.util.logging.Level { Loud() { super(\"LOUD\", 1200); } }"
                                + load("LOG.log(new Loud(), \"x\");")),
                harmless(
                        "Java serialization",
                        "static class Thing implements java.io.Serializable { int a; }"
                                + load(
                                        "new java.io.ObjectOutputStream(java.io.OutputStream.nullOutputStream()).writeObject(new Thing());")),
                harmless(
                        "an event of Flight Recorder",
                        "static class Seen extends jdk.jfr.Event { int a; }" + load("new Seen().commit();")),
                harmless(
                        "an HTTP client of its own that is not closed",
                        load("java.net.http.HttpClient.newHttpClient();")),
                harmless(
                        "a static direct buffer",
                        "static final java.nio.ByteBuffer BUFFER = java.nio.ByteBuffer.allocateDirect(1000);"
                                + load("BUFFER.put((byte) 1);")),
                harmless(
                        "an executor of virtual threads, left open and idle",
                        "static final ExecutorService POOL = Executors.newVirtualThreadPerTaskExecutor();"
                                + load("POOL.submit(() -> 1).get();")),
                harmless(
                        "a Cleaner whose object died",
                        "static final java.lang.ref.Cleaner CLEANER = java.lang.ref.Cleaner.create();"
                                + load("CLEANER.register(new Object(), () -> {});")),
                harmless(
                        "an editor of java.beans",
                        "public static class Thing {} public static class ThingEditor extends java.beans.PropertyEditorSupport {}"
                                + load(
                                        "java.beans.PropertyEditorManager.registerEditor(Thing.class, ThingEditor.class);")),
                harmless(
                        "a class file read as a resource",
                        load("Small.class.getClassLoader().getResource(\"Small.class\").openStream().read();")),
                harmless(
                        "shared native memory that is not freed (the memory is lost, the classes are not)",
                        "static final java.lang.foreign.MemorySegment MEMORY = java.lang.foreign.Arena.ofShared().allocate(1000);"
                                + load("MEMORY.fill((byte) 1);")));
    }
}
