"""Acts on many things at once: each as if the person did it alone, the refused ones listed, all undone as one."""
