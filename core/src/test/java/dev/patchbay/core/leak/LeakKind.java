package dev.patchbay.core.leak;

import dev.patchbay.core.fixture.SmallModule;

/// One habit of modules, and what comes of it when the version is retired.
///
/// @param name says what the module does
/// @param lane the lane it runs on; `INLINE` runs on a thread of the host
/// @param members the module's fields and methods; it does in `load` or in `predict` what the name says
/// @param fate what becomes of its class loader
record LeakKind(String name, String lane, String members, Fate fate) {

    /// What becomes of a class loader.
    sealed interface Fate {

        /// It would be held, but the ledger or the host sees to it that it is not.
        record Freed() implements Fate {}

        /// It is not held by this.
        record Harmless() implements Fate {}

        /// It is held, and the report says by what.
        ///
        /// @param kind the holder's word for scripts
        /// @param words a pattern of the whole sentence about the holder
        record Held(String kind, String words) implements Fate {}

        /// It is held until memory runs short, and the report says by what.
        record HeldSoftly(String kind, String words) implements Fate {}
    }

    static LeakKind freed(String name, String members) {
        return new LeakKind(name, "COMPUTE", members, new Fate.Freed());
    }

    static LeakKind harmless(String name, String members) {
        return new LeakKind(name, "COMPUTE", members, new Fate.Harmless());
    }

    static LeakKind held(String name, String kind, String words, String members) {
        return new LeakKind(name, "COMPUTE", members, new Fate.Held(kind, words));
    }

    static LeakKind heldSoftly(String name, String kind, String words, String members) {
        return new LeakKind(name, "COMPUTE", members, new Fate.HeldSoftly(kind, words));
    }

    LeakKind on(String otherLane) {
        return new LeakKind(name, otherLane, members, fate);
    }

    /// Statements that run in `load`.
    static String load(String statements) {
        return " public void load(ModuleContext context) throws Exception { " + statements + " }";
    }

    /// Statements that run in `predict`.
    static String predict(String statements) {
        return " public Answer predict(Question question, Call call) throws Exception { " + statements
                + " return new Answer(question.x()); }";
    }

    SmallModule module(int number) {
        return SmallModule.of("kind_" + number, "1.0.0")
                .annotated("lane = Lane." + lane)
                .with(members);
    }

    @Override
    public String toString() {
        return name;
    }
}
