declare module 'class-transformer/cjs/storage.js' {
  type TypeMetadata = Readonly<{ propertyName: string; typeFunction: () => (new () => object) | undefined }>;
  /** Where `@Type` leaves what it was told; the package has no typed way to it. */
  export const defaultMetadataStorage: {
    findTypeMetadata(target: new () => object, propertyName: string): TypeMetadata | undefined;
  };
}
