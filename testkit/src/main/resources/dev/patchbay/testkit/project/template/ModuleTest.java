package {{package}};

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.patchbay.testkit.RunningModule;
import dev.patchbay.testkit.junit.ModuleChecks;
import dev.patchbay.testkit.junit.ModuleTest;
import org.junit.jupiter.api.Test;

/// The checks of the kit, and whatever you want to be sure of beside them.
@ModuleTest
class {{Class}}Test implements ModuleChecks {

    record Text(String text) {}

    record Verdict(double score, String label) {}

    @Test
    void a_friendly_note_can_wait(RunningModule module) throws Exception {
        assertEquals(new Verdict(0, "low"), module.predict(new Text("Thank you, all is well"), Verdict.class));
    }
}
