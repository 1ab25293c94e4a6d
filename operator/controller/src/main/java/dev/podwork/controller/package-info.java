/** The controllers put together: what the operator starts and stops. */
@NullMarked
package dev.podwork.controller;

import org.jspecify.annotations.NullMarked;
