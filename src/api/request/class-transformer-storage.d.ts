declare module 'class-transformer/cjs/storage.js' {
  type TypeMetadata = Readonly<{ propertyName: string; typeFunction: () => (new () => object) | undefined }>;
  type Given = Readonly<{ value: unknown; key: string; obj: object; type: 0; options: object }>;
  type TransformMetadata = Readonly<{ transformFn: (given: Given) => unknown }>;
  /** Where `@Type` and `@Transform` leave what they were told; the package has no typed way to it. */
  export const defaultMetadataStorage: {
    findTypeMetadata(target: new () => object, propertyName: string): TypeMetadata | undefined;
    /** `transformationType` 0: from plain to instance. */
    findTransformMetadatas(
      target: new () => object,
      propertyName: string,
      transformationType: 0,
    ): readonly TransformMetadata[];
  };
}
