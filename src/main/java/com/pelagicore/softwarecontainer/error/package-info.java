/**
 * What can go wrong in a way that a caller may branch on.
 *
 * <p>Everything else that is thrown is a bug of ours. Knows no other room. Start at {@link
 * com.pelagicore.softwarecontainer.error.SoftwareContainerException}.
 */
@NullMarked
package com.pelagicore.softwarecontainer.error;

import org.jspecify.annotations.NullMarked;
