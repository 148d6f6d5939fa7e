/**
 * OpenSearch with the plugin as processes of this machine, from its own distribution: for trying it
 * out, for the tests that kill nodes, and for measurements. It talks to them over HTTP and names no
 * class of OpenSearch.
 */
@NullMarked
package io.github.semblance.cluster;

import org.jspecify.annotations.NullMarked;
