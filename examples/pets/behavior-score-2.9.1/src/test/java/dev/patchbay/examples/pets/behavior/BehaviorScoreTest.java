package dev.patchbay.examples.pets.behavior;

import dev.patchbay.testkit.junit.ModuleChecks;
import dev.patchbay.testkit.junit.ModuleTest;

@ModuleTest
class BehaviorScoreTest implements ModuleChecks {}
