/**
 * Tests of the Debian packages that bin/package has built: what is in them, and what they do to a Debian in a
 * directory. Need root.
 */
package com.pelagicore.softwarecontainer.packaging;
