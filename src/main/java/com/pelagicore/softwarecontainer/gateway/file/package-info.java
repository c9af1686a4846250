/** The file gateway: files and directories of the host (docs/gateways/file.md). Pure. */
@NullMarked
package com.pelagicore.softwarecontainer.gateway.file;

import org.jspecify.annotations.NullMarked;
