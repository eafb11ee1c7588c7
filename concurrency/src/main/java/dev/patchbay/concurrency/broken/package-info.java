/// What would go wrong: designs that jcstress must catch, or its silence about the others says nothing.
package dev.patchbay.concurrency.broken;
