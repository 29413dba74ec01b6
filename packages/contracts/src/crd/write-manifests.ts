// Writes one CustomResourceDefinition manifest per kind into the folder given as the first argument.
