package dev.patchbay.examples.pets.behavior;

import dev.patchbay.testkit.junit.ModuleChecks;
import dev.patchbay.testkit.junit.ModuleTest;

@ModuleTest(previous = "../behavior-score-2.9.1")
class BehaviorScoreTest implements ModuleChecks {}
