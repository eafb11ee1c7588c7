package dev.patchbay.examples.pets.summary;

import dev.patchbay.testkit.junit.ModuleChecks;
import dev.patchbay.testkit.junit.ModuleTest;

@ModuleTest
class SessionSummaryTest implements ModuleChecks {}
