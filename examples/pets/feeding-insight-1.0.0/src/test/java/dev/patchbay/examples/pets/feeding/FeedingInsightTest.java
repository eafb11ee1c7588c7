package dev.patchbay.examples.pets.feeding;

import dev.patchbay.testkit.junit.ModuleChecks;
import dev.patchbay.testkit.junit.ModuleTest;

@ModuleTest
class FeedingInsightTest implements ModuleChecks {}
