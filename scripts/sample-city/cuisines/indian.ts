/** Menus as tables: `# Section`, then dish, price in rupees, tags (see parse-menu.ts). Prices and names are invented but plausible. */

export const NORTH_INDIAN = `
# Tandoor
Paneer Tikka                     269  veg milk +spice
Malai Soya Chaap                 239  veg milk soy gluten
Tandoori Chicken                 349  halal milk +portion
Chicken Reshmi Kebab             319  halal milk nuts
Mutton Seekh Kebab               389  halal egg
Hara Bhara Kebab                 209  vegan gluten
# Curries
Butter Chicken                   359  halal milk nuts +portion
Kadhai Chicken                   339  halal milk +spice
Rogan Josh                       419  halal milk +portion
Palak Paneer                     279  veg milk gf
Paneer Butter Masala             299  veg milk nuts +spice
Dal Makhani                      249  veg milk gf
Yellow Dal Tadka                 199  vegan gf
Aloo Gobi Adraki                 209  vegan gf jain
Malai Kofta                      289  veg milk nuts gluten
Chole Amritsari                  219  vegan gf
# Breads and rice
Butter Naan                       59  veg gluten milk
Garlic Naan                       75  veg gluten milk
Tandoori Roti                     35  vegan gluten
Lachha Paratha                    69  veg gluten milk
Stuffed Aloo Kulcha               99  veg gluten milk
Jeera Rice                       149  vegan gf
# Thalis
Dhaba Veg Thali                  289  veg milk gluten +bread
Dhaba Chicken Thali              369  halal milk gluten +bread
# Sweet and cold
Gulab Jamun                       89  veg milk gluten
Gajar Halwa                      119  veg milk nuts
Sweet Lassi                       89  veg milk drink +size
Masala Chaas                      59  veg milk drink
`;

export const SOUTH_INDIAN = `
# Idli and vada
Steamed Idli                      79  vegan gf
Podi Ghee Idli                   109  veg milk sesame
Medu Vada                         89  vegan gf
Rasam Vada                        99  vegan gf
Thatte Idli                       95  vegan gf
# Dosa
Plain Dosa                        99  vegan gf +chutney
Masala Dosa                      129  veg milk gf +chutney
Mysore Masala Dosa               149  veg milk gf +spice
Ghee Roast Dosa                  159  veg milk gf
Rava Onion Dosa                  139  vegan gluten
Set Dosa with Saagu              129  vegan gf
Pesarattu                        139  vegan gf
Cheese Chilli Dosa               179  veg milk
# Uttapam and more
Onion Uttapam                    139  vegan gf
Tomato Uttapam                   139  vegan gf
Ven Pongal                       129  veg milk nuts
Upma with Coconut Chutney         99  vegan gluten nuts
Appam with Vegetable Stew        179  vegan gf +curry
Kerala Parotta with Kurma        169  vegan gluten
# Meals
Sadya Meal Box                   249  veg milk gf +spice
Bisi Bele Bath                   159  veg milk nuts
Curd Rice                        119  veg milk gf
Lemon Rice                       119  vegan peanut gf
Andhra Chicken Fry               289  halal mustard +spice
# Drinks and sweets
Filter Coffee                     59  veg milk drink +sugar
Madras Buttermilk                 49  veg milk drink
Elaneer Payasam                  119  veg milk nuts
Rava Kesari                       79  veg milk nuts gluten
`;

export const BIRYANI = `
# Biryani
Hyderabadi Chicken Biryani       299  halal milk +portion +spice
Hyderabadi Mutton Biryani        379  halal milk +portion +spice
Lucknowi Chicken Biryani         319  halal milk nuts +portion
Kolkata Mutton Biryani           379  halal milk egg +portion
Malabar Prawn Biryani            399  shellfish milk +spice
Egg Biryani                      229  egg milk +portion
Paneer Dum Biryani               259  veg milk +portion
Vegetable Dum Biryani            229  veg milk +portion
Chicken 65 Biryani               309  halal milk egg +spice
Jackfruit Biryani                249  vegan
# Kebabs
Chicken 65                       249  halal egg mustard
Mutton Galouti Kebab             359  halal nuts milk
Chicken Malai Tikka              299  halal milk nuts
Apollo Fish                      329  fish egg soy
Dahi ke Kebab                    219  veg milk
# Gravies
Mirchi ka Salan                  149  vegan peanut sesame
Baghara Baingan                  179  vegan peanut sesame
Nizami Chicken Curry             289  halal milk nuts
Haleem Bowl                      289  halal gluten milk
# On the side
Burani Raita                      69  veg milk
Boiled Egg                        29  egg
Rumali Roti                       45  vegan gluten
Kachumber Salad                   59  vegan
# Sweet and cold
Double ka Meetha                 109  veg milk nuts gluten
Qubani ka Meetha                 129  veg milk nuts
Rose Sharbat                      69  vegan drink
Irani Chai                        49  veg milk drink +sugar
`;

export const STREET_FOOD = `
# Chaat
Pani Puri                         79  vegan gluten +spice
Dahi Puri                         99  veg milk gluten
Sev Puri                          89  vegan gluten
Bhel Puri                         79  vegan gluten peanut
Papdi Chaat                      109  veg milk gluten
Aloo Tikki Chaat                 119  veg milk +spice
Samosa Chaat                     119  veg milk gluten
Raj Kachori                      139  veg milk gluten
# Mumbai corner
Vada Pav                          49  vegan gluten +chutney
Pav Bhaji                        139  veg milk gluten +extras
Cheese Pav Bhaji                 179  veg milk gluten
Misal Pav                        129  vegan gluten +spice
Keema Pav                        209  halal gluten +extras
Bombay Sandwich                  109  veg milk gluten
Kanda Bhaji                       79  vegan
# Rolls
Paneer Kathi Roll                149  veg milk gluten +extras
Egg Kathi Roll                   119  egg gluten +extras
Chicken Kathi Roll               179  halal gluten egg +extras
Mutton Kathi Roll                219  halal gluten egg +extras
Aloo Frankie                     109  vegan gluten
# Hot from the wok
Chole Bhature                    149  veg gluten milk
Ram Ladoo                         89  vegan
Moong Dal Chilla                 109  vegan gf
# Sweet and cold
Jalebi with Rabri                119  veg milk gluten
Kulfi Falooda                    139  veg milk nuts
Cutting Chai                      29  veg milk drink
Fresh Lime Soda                   59  vegan drink +sugar
Sugarcane Juice                   69  vegan drink
`;

export const SEAFOOD = `
# From the grill
Recheado Pomfret                 449  fish +spice
Tandoori Prawns                  429  shellfish milk
Grilled Squid with Garlic        359  molluscs
Rava Fried Kingfish              389  fish gluten +portion
Bombil Fry                       289  fish gluten
Clams Koshimbir                  299  molluscs
# Curries
Goan Fish Curry                  349  fish +spice
Malvani Prawn Curry              389  shellfish +spice
Meen Moilee                      359  fish
Crab Xec Xec                     479  shellfish
Alleppey Fish Curry              349  fish mustard
Mangalorean Gassi                329  halal
Sol Kadhi Vegetable Curry        229  vegan
# Thalis
Konkan Fish Thali                379  fish gluten +bread
Konkan Prawn Thali               429  shellfish gluten +bread
Vegetable Thali of the Coast     249  vegan gluten
# Rice and breads
Prawn Pulao                      319  shellfish
Steamed Red Rice                  89  vegan gf
Neer Dosa                         99  vegan gf
Kombdi Vade                      129  vegan gluten
# Snacks
Fish Cutlet                      179  fish gluten egg
Calamari Rings                   279  molluscs gluten egg
Prawn Rissois                    219  shellfish gluten milk
# Sweet and cold
Bebinca                          149  veg egg milk
Serradura                        139  veg milk gluten
Sol Kadhi                         69  vegan drink
Kokum Cooler                      79  vegan drink +sugar
`;

export const GUJARATI = `
# Farsan
Khaman Dhokla                     99  vegan mustard jain
Sandwich Dhokla                  119  vegan mustard
Khandvi                          119  veg milk mustard
Handvo                           129  veg milk sesame
Patra                            109  vegan sesame
Methi Gota                        89  vegan
Lilva Kachori                    119  vegan gluten
# Shaak
Undhiyu                          229  vegan peanut sesame
Sev Tameta                       169  vegan jain
Ringan no Olo                    179  vegan
Bharela Bhinda                   189  vegan peanut
Kathol Mix                       159  vegan
Lasaniya Batata                  169  vegan +spice
# Thali
Gujarati Thali                   279  veg milk gluten +bread
Kathiyawadi Thali                299  veg milk gluten peanut +bread
Jain Thali                       279  veg milk gluten jain
# Rotla, rice and kadhi
Bajra Rotla with White Butter     89  veg milk gf
Methi Thepla                      79  veg gluten milk +chutney
Bhakri                            59  vegan gluten
Gujarati Dal                     129  vegan peanut
Kadhi Khichdi                    159  veg milk
Masala Khichdi                   149  vegan
# Sweet and cold
Mohanthal                        129  veg milk nuts
Shrikhand                        119  veg milk nuts
Puran Poli                        99  veg gluten milk
Basundi                          139  veg milk nuts
Masala Chaas                      49  veg milk drink +size
`;

export const BENGALI = `
# Bhaja
Beguni                            99  vegan gluten
Fish Fry Kolkata Style           189  fish gluten egg
Mochar Chop                      129  vegan gluten peanut
Kosha Egg Devil                  119  egg gluten
Ghugni                           109  vegan
# Fish
Shorshe Ilish                    499  fish mustard +spice
Doi Katla                        349  fish milk mustard
Chingri Malai Curry              429  shellfish
Bhetki Paturi                    379  fish mustard
Rui Kalia                        319  fish
# Meat and egg
Kosha Mangsho                    399  halal mustard +portion
Chicken Dak Bungalow             319  halal egg +portion
Dimer Dalna                      199  egg
# From the garden
Shukto                           179  veg milk mustard
Aloo Posto                       189  vegan
Chhanar Dalna                    239  veg milk
Cholar Dal                       149  vegan
Dhokar Dalna                     209  vegan
# Rice and breads
Gobindobhog Steamed Rice          99  vegan gf
Basanti Pulao                    189  veg milk nuts
Luchi                             79  vegan gluten
Koraishutir Kochuri              109  vegan gluten
Bhog Khichuri with Labra         199  veg milk +extras
# Sweet and cold
Rasgulla                          79  veg milk +pieces
Mishti Doi                        89  veg milk
Sandesh                           99  veg milk nuts +pieces
Aam Pora Shorbot                  79  vegan drink
`;
