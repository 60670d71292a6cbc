export const INDO_CHINESE = `
# Small plates
Vegetable Spring Rolls           169  vegan gluten soy
Chilli Paneer Dry                239  veg milk soy +spice
Chicken Lollipop                 269  egg soy gluten +spice
Crispy Corn                      199  vegan soy
Honey Chilli Potato              199  veg soy gluten sesame
Drums of Heaven                  299  egg soy
# Momos
Steamed Vegetable Momos          139  vegan gluten soy +sauce
Fried Vegetable Momos            159  vegan gluten soy
Steamed Chicken Momos            169  gluten soy +sauce
Paneer Jhol Momos                189  veg milk gluten
# Soups
Sweet Corn Soup                  129  veg egg-free
Hot and Sour Chicken Soup        159  egg soy
Manchow Soup                     139  vegan soy gluten
# Noodles and rice
Vegetable Hakka Noodles          189  vegan gluten soy +protein
Schezwan Noodles                 209  vegan gluten soy +spice
American Chop Suey               259  egg gluten soy
Burnt Garlic Fried Rice          199  vegan soy +protein
Chicken Fried Rice               239  egg soy
Triple Schezwan Rice             279  egg gluten soy +spice
# Mains
Gobi Manchurian Gravy            219  vegan gluten soy
Kung Pao Chicken                 299  peanut soy
Chicken in Black Bean Sauce      309  soy
Prawns in Garlic Sauce           389  shellfish soy
Mapo Tofu                        249  vegan soy sesame
# Sweet and cold
Date Pancake                     149  veg gluten egg milk
Darsaan with Honey               139  veg gluten sesame
Jasmine Tea                       69  vegan drink
`;

export const THAI = `
# Starters
Satay Chicken                    289  peanut soy
Thai Fish Cakes                  309  fish egg
Crispy Tofu with Peanut Dip      229  vegan soy peanut
Som Tam                          219  fish peanut shellfish +spice
Vegetable Summer Rolls           209  vegan peanut soy
# Soups
Tom Yum Goong                    269  shellfish fish +spice
Tom Kha Gai                      249  fish
Tom Yum Vegetable                199  vegan soy
# Curries
Green Curry                      329  fish shellfish +protein +spice
Red Curry                        329  fish shellfish +protein
Massaman Curry with Lamb         429  fish peanut
Panang Curry                     339  fish peanut +protein
Jungle Curry                     299  vegan soy
# Noodles and rice
Pad Thai                         299  egg peanut soy fish +protein
Drunken Noodles                  289  egg soy gluten +spice
Pad See Ew                       289  egg soy gluten
Pineapple Fried Rice             279  egg nuts soy
Basil Chicken with Rice          319  egg soy fish +egg
Khao Soi                         339  egg fish gluten
Steamed Jasmine Rice              99  vegan gf
# Stir fries
Cashew Chicken                   339  nuts soy
Morning Glory                    229  vegan soy
Tofu in Tamarind                 249  vegan soy
# Sweet and cold
Mango Sticky Rice                219  vegan sesame
Tub Tim Grob                     179  vegan
Thai Iced Tea                    149  veg milk drink +sugar
Lemongrass Cooler                129  vegan drink
`;

export const JAPANESE = `
# Small plates
Edamame with Sea Salt            219  vegan soy
Pork Gyoza                       329  gluten soy sesame +sauce
Vegetable Gyoza                  289  vegan gluten soy sesame
Agedashi Tofu                    279  vegan soy gluten
Chicken Karaage                  349  egg gluten soy
Takoyaki                         349  molluscs egg gluten
# Maki
Salmon Maki                      449  fish sesame +wasabi
Spicy Tuna Maki                  469  fish egg sesame +spice
Avocado Maki                     349  vegan sesame +wasabi
Prawn Tempura Roll               489  shellfish gluten egg +wasabi
Rainbow Roll                     549  fish shellfish sesame
Cucumber Maki                    249  vegan sesame
# Nigiri
Salmon Nigiri                    399  fish +wasabi
Ebi Nigiri                       379  shellfish
Tamago Nigiri                    269  egg soy
Inari                            229  vegan soy
# Noodles
Tonkotsu Ramen                   499  egg gluten soy +egg
Miso Vegetable Ramen             429  vegan gluten soy
Chicken Yaki Udon                419  gluten soy
Zaru Soba                        369  vegan gluten soy
# Rice bowls
Katsu Curry                      459  egg gluten +protein
Salmon Teriyaki Don              549  fish soy sesame
Unagi Don                        699  fish soy
Vegetable Tempura Don            379  vegan gluten soy
# Sweet and cold
Mochi Ice Cream                  249  veg milk +flavour
Matcha Cheesecake                299  veg milk egg gluten
Hojicha                          149  vegan drink
Ramune                           129  vegan drink packaged
`;

export const MIDDLE_EASTERN = `
# Mezze
Hummus Beiruti                   199  vegan sesame +bread
Baba Ghanoush                    209  vegan sesame
Muhammara                        219  vegan nuts gluten
Labneh with Za'atar              199  veg milk sesame
Falafel Plate                    229  vegan sesame
Fattoush                         199  vegan gluten
Tabbouleh                        189  vegan gluten
Warak Enab                       229  vegan
# Wraps
Chicken Shawarma                 189  halal gluten egg +extras
Falafel Wrap                     159  vegan gluten sesame +extras
Lamb Kofta Wrap                  249  halal gluten +extras
Halloumi Wrap                    219  veg milk gluten +extras
# Grill
Shish Tawook                     349  halal milk +sauce
Lamb Kofta                       399  halal +sauce
Mixed Grill for Two              899  halal milk
Grilled Halloumi                 329  veg milk
# Rice and ovens
Chicken Mandi                    389  halal nuts +portion
Lamb Mandi                       479  halal nuts +portion
Kabsa with Vegetables            279  vegan nuts
Lahmacun                         269  halal gluten
Za'atar Manakish                 169  vegan gluten sesame
Cheese Fatayer                   179  veg milk gluten
# Sweet and cold
Baklava                          179  veg nuts gluten milk +pieces
Kunafa                           249  veg milk nuts gluten
Umm Ali                          199  veg milk nuts gluten
Mint Lemonade                    119  vegan drink
Karak Chai                        69  veg milk drink
`;
