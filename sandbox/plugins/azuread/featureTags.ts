import { flag, object, optional, type Fields, type Shape } from "../protocol/schema.ts";
import type { Properties } from "../protocol/values.ts";

/** Tags of Entra that the plugin also shows as flags. */
const tags = {
  customSingleSignOn: "WindowsAzureActiveDirectoryCustomSingleSignOnApplication",
  enterprise: "WindowsAzureActiveDirectoryIntegratedApp",
  gallery: "WindowsAzureActiveDirectoryGalleryApplicationNonPrimaryV1",
  hide: "HideApp",
} as const;

const featureTagFields: Fields = {
  customSingleSignOn: optional(flag),
  enterprise: optional(flag),
  gallery: optional(flag),
  hide: optional(flag),
};

/** The flags that stand for tags. */
export const featureTagShape: Shape = object(featureTagFields);

/** The tags that the flags stand for. Also takes the older names of the flags, `features`. */
export function tagsOf(features: Properties): string[] {
  const { customSingleSignOn, enterprise, gallery, hide } = features;
  const { customSingleSignOnApp, enterpriseApplication, galleryApplication, visibleToUsers } = features;
  return [
    ...(customSingleSignOn === true || customSingleSignOnApp === true ? [tags.customSingleSignOn] : []),
    ...(enterprise === true || enterpriseApplication === true ? [tags.enterprise] : []),
    ...(gallery === true || galleryApplication === true ? [tags.gallery] : []),
    ...(hide === true || visibleToUsers === false ? [tags.hide] : []),
  ];
}

/** The flags that stand for the tags. */
export function featureTagsOf(given: readonly string[]): Properties {
  const has = (tag: string) => given.some((item) => item.toLowerCase() === tag.toLowerCase());
  return {
    customSingleSignOn: has(tags.customSingleSignOn),
    enterprise: has(tags.enterprise),
    gallery: has(tags.gallery),
    hide: has(tags.hide),
  };
}

/** The flags under their older names. */
export function featuresOf(given: readonly string[]): Properties {
  const { customSingleSignOn, enterprise, gallery, hide } = featureTagsOf(given);
  return {
    customSingleSignOnApp: customSingleSignOn === true,
    enterpriseApplication: enterprise === true,
    galleryApplication: gallery === true,
    visibleToUsers: hide !== true,
  };
}
