/// What callers can find out: tasks, schemas, OpenAPI, docs pages, health.
@NullMarked
package dev.patchbay.server.catalog;

import org.jspecify.annotations.NullMarked;
