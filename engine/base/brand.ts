declare const brand: unique symbol;

/** `T` with a name that the type checker keeps apart from every other `T`: an offset is not an epoch. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
