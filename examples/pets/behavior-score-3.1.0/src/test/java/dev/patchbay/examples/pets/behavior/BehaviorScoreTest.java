package dev.patchbay.examples.pets.behavior;

import dev.patchbay.testkit.junit.ModuleChecks;
import dev.patchbay.testkit.junit.ModuleTest;

@ModuleTest(previous = "../behavior-score-3.0.0")
class BehaviorScoreTest implements ModuleChecks {}
