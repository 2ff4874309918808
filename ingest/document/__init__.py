"""From one file to one Document: conversion, metadata, dates."""
