/// What must hold when calls, changes and retirement meet, for jcstress.
package dev.patchbay.concurrency;
